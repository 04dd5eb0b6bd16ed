"""The front page's queues, and the page of each: what waits, the longest first, with what can be done about it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from claims import permissions
from claims.actions.reviews import check_again
from claims.admin.finding import admin_url, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.publishing import REFUSALS, seen_of, sentences
from claims.admin.queues import Asked, Item, Queue, heads, queue_of
from claims.models import Claim, Comment, HalfLife, Schedule
from claims.workflow import NEEDS_COMMENT
from companies.models import Entity
from kb.models import Root, State

SIZE: Final = 50


@dataclass(frozen=True)
class Row:
    """One line of a queue."""

    root: Root
    label: str
    kind: str
    url: str  # where it is read and changed
    since: datetime
    state: str
    who: User | None
    about: str = ""  # what is missing of it, or what was said
    said_by: User | None = None
    enter_url: str = ""
    unknown_url: str = ""


def front(request: HttpRequest) -> dict[str, Any]:
    """What the desk's front page says of the queues: those with something in them, and the names of the others."""
    user, now = cast(User, request.user), timezone.now()
    found = heads(user, now)
    scheduled = Schedule.objects.waiting() if permissions.can_publish(user) else Schedule.objects.none()
    return {
        "queues": [(head, queue_url(head.queue)) for head in found if head.count],
        "empty_queues": [(head.queue, queue_url(head.queue)) for head in found if not head.count],
        "scheduled": list(scheduled.order_by("publish_at")[:3]),
        "may_schedule": permissions.can_publish(user),
    }


def queue_url(queue: Queue) -> str:
    return reverse(queue.page) if queue.page else reverse("admin:queue", args=[queue.slug])


def queue_view(site: admin.AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """GET: one page of a queue, from ?after=. POST, of the claims to check again: what was seen still holds."""
    queue, user = queue_of(slug), cast(User, request.user)
    if queue is None or queue.page:
        raise Http404("there is no such queue")
    if not queue.concerns(user):
        raise PermissionDenied
    refused: list[str] = []
    if request.method == "POST" and slug == "recheck":
        refused = _check_again(request, user)
        if not refused:
            return HttpResponseRedirect(request.get_full_path())
    asked = Asked(user, timezone.now(), _parsed(request.GET.get("after", "")))
    items = queue.items(asked, SIZE + 1)
    shown, more = items[:SIZE], len(items) > SIZE
    rows = _rows(queue, shown)
    context = {
        **site.each_context(request),
        "title": queue.title,
        "queue": queue,
        "rows": rows,
        "refused": refused,
        "first_url": reverse("admin:queue", args=[slug]) if asked.after else "",
        "next_url": f"{reverse('admin:queue', args=[slug])}?{urlencode({'after': _packed(shown[-1])})}" if more else "",
        "review_url": reverse("admin:review")
        if permissions.can_publish(user) or permissions.can_approve(user)
        else "",
        "bulk_url": reverse("admin:bulk"),
        "has_claims": any(isinstance(row.root, Claim) for row in rows),
        "may_choose": slug != "gaps",
        "may_check": slug == "recheck",
        "half_lives_url": reverse("admin:claims_halflife_changelist")
        if slug == "recheck" and permissions.can_view(user, HalfLife)
        else "",
    }  # fmt: skip
    return TemplateResponse(request, "admin/queue.html", context, status=409 if refused else 200)


def _check_again(request: HttpRequest, by: User) -> list[str]:
    """Note that the claims which were seen still hold; what was refused, in sentences."""
    seen, refused, done = seen_of(request), list[str](), 0
    for root in roots_of(seen):
        try:
            check_again(cast(Claim, root), by=by, expect=seen[root.ref])
            done += 1
        except REFUSALS as fault:
            refused += sentences(fault)
    if done:
        said = ngettext("%(number)s claim checked.", "%(number)s claims checked.", done) % {"number": done}
        messages.success(request, said)
    return refused


def _rows(queue: Queue, items: Sequence[Item]) -> list[Row]:
    """The items with all that their lines show; a few queries, however many items."""
    roots = {root.ref: root for root in roots_of({item.ref for item in items})}
    gaps = queue.slug == "gaps"
    names = by_ref({item.more for item in items}) if gaps else {}
    properties = _keys({item.more for item in items}) if gaps else {}
    said = _said({item.ref for item in items}) if queue.slug == "sent-back" else {}
    people = {
        one.pk: one for one in User.objects.filter(pk__in={root.sealed_by_id for root in roots.values()})
    }
    rows = []
    for item in items:
        root = roots.get(item.ref)
        if root is None:
            continue
        words = said.get(item.ref)
        enter = _enter_url(root, properties[item.more]) if gaps else ""
        rows.append(
            Row(
                root=root,
                label=label(root),
                kind=root.get_kind_display() if isinstance(root, Entity) else str(root._meta.verbose_name),
                url=admin_url(root),
                since=item.at,
                state=str(State(root.state).label),
                who=people.get(root.sealed_by_id or 0),
                about=names.get(item.more, "") if gaps else words.text if words else "",
                said_by=words.by if words else None,
                enter_url=enter,
                unknown_url=f"{enter}&value_kind=unknown" if gaps else "",
            )
        )
    return rows


def _said(refs: set[str]) -> Mapping[str, Comment]:
    """The latest words with which each was sent back."""
    decisions = Comment.objects.filter(ref__in=refs, decision__in=list(NEEDS_COMMENT)).select_related("by")
    return {one.ref: one for one in decisions.order_by("at")}


def _keys(refs: set[str]) -> dict[str, int]:
    return {root.ref: root.pk for root in roots_of(refs)}


def _enter_url(root: Root, prop: int) -> str:
    return f"{reverse('admin:claims_claim_add')}?{urlencode({'subject': root.pk, 'property': prop})}"


def _packed(item: Item) -> str:
    text = json.dumps([item.at.isoformat(), item.ref, item.more], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()


def _parsed(cursor: str) -> Item | None:
    """Where a page begins. What is no cursor of ours is a 404."""
    if not cursor:
        return None
    try:
        at, ref, more = json.loads(base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(at)
    except (ValueError, TypeError, binascii.Error, RecursionError) as fault:
        raise Http404("this page has gone; begin at the first") from fault
    texts = (ref, more)
    if moment.tzinfo is None or not all(isinstance(one, str) and one.isprintable() for one in texts):
        raise Http404("this page has gone; begin at the first")
    return Item(moment, ref, more)
