"""Submissions: sent in, looked at, taken back, each partner their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from http import HTTPStatus
from typing import Any, ClassVar, cast

import orjson
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.viewsets import ViewSet

from claims.actions.submissions import Fate, fates, submit, withdraw_submission
from claims.api.problems import BadParameter, Problem
from claims.api.reading.requests import ON_PAGES, asked
from claims.letterbox.partners.bodies import LimitedJson
from claims.letterbox.partners.keys import ByKey, MayPropose
from claims.letterbox.partners.payloads import faults_of, missing, offer_of
from claims.letterbox.partners.schema import WritingSchema
from claims.models import Submission
from claims.permissions import NotAllowed
from kb.lib.pagination import BadCursor, Cursor, Page, paginate

Shape = dict[str, Any]
Shapes = list[Shape]  # inside the viewset, `list` is the action


class SubmissionViewSet(ViewSet):
    """What you sent in, and what became of it.

    A submission is a claim that waits on the desk. Somebody there takes it up, changes it, has it reviewed and
    publishes it, or declines it with a reason. The same words sent again are the same submission.
    """

    authentication_classes = (ByKey,)
    permission_classes = (MayPropose,)
    throttle_classes = (UserRateThrottle,)
    parser_classes = (LimitedJson,)
    lookup_url_kwarg = "ref"
    schema = WritingSchema()
    tag: ClassVar[str] = "submissions"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with translation.override("en"):  # like all that the API says
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    def list(self, request: Request) -> Response:
        known = asked(request.query_params, known=ON_PAGES)
        try:
            page: Page[Submission] = paginate(
                self._own(request), ("-id",), ordering="-id", edition=known.as_of.number, size=known.size,
                cursor=known.cursor,
            )  # fmt: skip
        except BadCursor as fault:
            raise BadParameter({"cursor": str(fault)}) from fault
        return Response(
            {
                "next": _page_url(request, page.next),
                "previous": _page_url(request, page.previous),
                "results": self._shapes(request, page.rows),
            }
        )

    def create(self, request: Request) -> Response:
        try:
            submission, made = submit(offer_of(request.data), by=_sender(request))
        except NotAllowed as fault:
            raise Problem(HTTPStatus.FORBIDDEN, "you may send nothing in") from fault
        except ValidationError as fault:
            raise _refused(fault) from fault
        answer = self._detail(request, submission)
        if answer["state"] == Fate.WITHDRAWN:
            said = "you took these very words back; to send them anew, say in message what is new"
            raise Problem(HTTPStatus.CONFLICT, said, ref=answer["ref"])
        status = HTTPStatus.CREATED if made else HTTPStatus.OK
        return Response(answer, status=status, headers={"Location": answer["url"]} if made else None)

    def retrieve(self, request: Request, ref: str) -> Response:
        return Response(self._detail(request, self._one(request, ref)))

    def destroy(self, request: Request, ref: str) -> Response:
        submission = self._one(request, ref)
        try:
            withdraw_submission(submission, by=_sender(request))
        except NotAllowed as fault:
            raise Problem(HTTPStatus.CONFLICT, "it waits no more: nothing can be taken back") from fault
        return Response(self._detail(request, self._one(request, ref)))

    def _own(self, request: Request) -> Any:
        return Submission.objects.filter(partner=_sender(request)).select_related("claim")

    def _one(self, request: Request, ref: str) -> Submission:
        submission: Submission | None = self._own(request).filter(claim__ref=ref).first()
        if submission is None:
            raise Http404("you sent in nothing that has this ref")
        return submission

    def _detail(self, request: Request, submission: Submission) -> Shape:
        (shape,) = self._shapes(request, [submission])
        waits = shape["state"] == Fate.WAITING
        return {
            **shape,
            "missing": missing(submission.claim) if waits else [],
            "sent": orjson.loads(submission.sent or "{}"),
        }

    def _shapes(self, request: Request, submissions: Sequence[Submission]) -> Shapes:
        known, root = fates(submissions), request.build_absolute_uri("/api/v1/")
        return [
            {
                "ref": one.claim.ref,
                "state": known[one.pk][0],
                "received_at": one.received_at.astimezone(UTC).isoformat(),
                "claim": f"{root}claims/{one.claim.ref}/" if known[one.pk][0] == Fate.PUBLISHED else None,
                "comment": known[one.pk][1],
                "url": f"{root}submissions/{one.claim.ref}/",
            }
            for one in submissions
        ]


def _page_url(request: Request, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    parameters = request.query_params.copy()
    parameters["cursor"] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def _sender(request: Request) -> User:
    return cast(User, request.user)


def _refused(fault: ValidationError) -> Problem:
    """422, with what is wrong by its place in what was sent."""
    fields = faults_of(fault)
    said = "; ".join(
        f"{place}: {' '.join(words)}" if place else " ".join(words) for place, words in fields.items()
    )
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, fields=fields)
