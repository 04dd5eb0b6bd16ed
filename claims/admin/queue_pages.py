"""The front page's queues, and the page of each: what waits, the longest first, with what can be done about it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims import permissions
from claims.actions.gaps import set_applicable, set_inapplicable
from claims.actions.reviews import check_again, take_up
from claims.admin.claims import BACK
from claims.admin.finding import admin_url, nothing_chosen, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.publishing import REFUSALS, seen_of, sentences
from claims.admin.queues import Asked, Item, Queue, heads, queue_of
from claims.admin.suggestions import Figures, waiting_in
from claims.models import Claim, Comment, HalfLife, Inapplicable, Property, Schedule, Submission
from claims.workflow import NEEDS_COMMENT
from companies.models import Entity
from kb.lib.spoken import numeral
from kb.models import Root, State

SIZE: Final = 50
NOT_CHOSEN: Final = ("gaps", "suggestions")  # each is dealt with by itself
LATEST: Final = 25  # judgements that the page of the gaps shows


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
    gap: str = ""  # what is missing of what, for the form that says it does not apply
    figures: Figures | None = None  # what the machine found in it

    @property
    def draft_place(self) -> str:
        """Of the form that says why a gap is none."""
        return f"gap.{self.gap.replace(':', '.')}"


def front(request: HttpRequest) -> dict[str, Any]:
    """What the desk's front page says of the queues: those with something in them first, then the empty ones."""
    user, now = cast(User, request.user), timezone.now()
    found = heads(user, now)
    scheduled = Schedule.objects.waiting() if permissions.can_publish(user) else Schedule.objects.none()
    return {
        "queues": [(head, queue_url(head.queue)) for head in found if head.count],
        "empty_queues": [(head, queue_url(head.queue)) for head in found if not head.count],
        "scheduled": list(scheduled.order_by("publish_at")[:3]),
        "may_schedule": permissions.can_publish(user),
        "import_url": reverse("admin:import_table", args=["claim"])
        if permissions.can_edit(user, Claim)
        else "",
        "likeness_url": reverse("admin:companies_entity_likeness")
        if permissions.can_edit(user, Entity)
        else "",
        "is_new": not (user.is_superuser or user.get_all_permissions()),
    }


def queue_url(queue: Queue) -> str:
    return reverse(queue.page) if queue.page else reverse("admin:queue", args=[queue.slug])


def queue_view(site: admin.AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """GET: one page of a queue, from ?after=; with ?all=1 all of it is chosen.

    POST, of the claims to check again: what was seen still holds; of submissions: it is taken up; of gaps: one does
    not apply, or does after all.
    """
    queue, user = queue_of(slug), cast(User, request.user)
    if queue is None or queue.page:
        raise Http404("there is no such queue")
    if not queue.concerns(user):
        raise PermissionDenied
    refused: list[str] = []
    if request.method == "POST" and slug in DEED_NAMES and "seen" not in request.POST:
        return nothing_chosen(request)
    if request.method == "POST" and slug in DEEDS:
        refused = DEEDS[slug](request, user)
        if not refused:
            return HttpResponseRedirect(request.get_full_path())
    asked = Asked(user, timezone.now(), _parsed(request.GET.get("after", "")))
    items = queue.items(asked, SIZE + 1)
    shown, more = items[:SIZE], len(items) > SIZE
    rows = _rows(queue, shown, request.get_full_path())
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
        "may_choose": slug not in NOT_CHOSEN,
        "deed_name": DEED_NAMES.get(slug, ""),
        "all_url": f"?{urlencode({'after': request.GET.get('after', ''), 'all': 1})}",
        "all_chosen": request.GET.get("all") == "1",
        "inapplicable": _inapplicable() if slug == "gaps" else (),
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
        said = ngettext("%(number)s claim checked.", "%(number)s claims checked.", done) % {
            "number": numeral(done)
        }
        messages.success(request, said)
    return refused


def _take_up(request: HttpRequest, by: User) -> list[str]:
    """Make drafts of what was seen, each by itself; what was refused, in sentences."""
    seen, refused, done = seen_of(request), list[str](), 0
    # Claims last: they take their sources along.
    for root in sorted(roots_of(seen), key=lambda root: isinstance(root, Claim)):
        try:
            take_up(root, by=by, expect=seen[root.ref])
            done += 1
        except REFUSALS as fault:
            refused += sentences(fault)
    if done:
        said = ngettext("%(number)s thing is taken up.", "%(number)s things are taken up.", done)
        drafts = reverse("admin:queue", args=["my-drafts"])
        said %= {"number": numeral(done)}
        messages.success(request, format_html('{} <a href="{}">{}</a>', said, drafts, _("My drafts")))
    return refused


def _judge_gap(request: HttpRequest, by: User) -> list[str]:
    """One property does not apply to one entity, or does after all; what was refused, in sentences."""
    refs = request.POST.get("gap", "").split(":")
    roots = {type(root): root for root in roots_of(refs)} if len(refs) == 2 else {}
    prop, entity = roots.pop(Property, None), next(iter(roots.values()), None)
    if not isinstance(prop, Property) or not isinstance(entity, Entity):
        raise Http404("there is no such gap")
    try:
        if request.POST.get("decision") == "applies":
            set_applicable(entity, prop, by=by)
        else:
            set_inapplicable(entity, prop, by=by, why=request.POST.get("why", "")[:300])
            messages.success(request, _("Noted: it does not apply, and is not asked for again."))
    except REFUSALS as fault:
        return sentences(fault)
    return []


DEEDS: Final[Mapping[str, Callable[[HttpRequest, User], list[str]]]] = {
    "recheck": _check_again,
    "submissions": _take_up,
    "gaps": _judge_gap,
}
# The queues on whose page something is done to the chosen ones.
DEED_NAMES: Final[Mapping[str, Any]] = {
    "recheck": gettext_lazy("The chosen ones still hold"),
    "submissions": gettext_lazy("Take the chosen ones up"),
}


def _inapplicable() -> list[tuple[Inapplicable, str, str]]:
    """The latest gaps that were judged not to apply, each with what the entity and the property are called."""
    rows = Inapplicable.objects.select_related("entity", "property", "judged_by")
    return [
        (one, label(one.entity), label(one.property))
        for one in rows.prefetch_related("entity__names")[:LATEST]
    ]


def _rows(queue: Queue, items: Sequence[Item], here: str) -> list[Row]:
    """The items with all that their lines show; a few queries, however many. `here` is where one comes back to."""
    roots = {root.ref: root for root in roots_of({item.ref for item in items})}
    gaps = queue.slug == "gaps"
    names = by_ref({item.more for item in items}) if gaps else {}
    properties = _keys({item.more for item in items}) if gaps else {}
    said = _said({item.ref for item in items}) if queue.slug == "sent-back" else {}
    sent = _sent(roots.values()) if queue.slug == "submissions" else {}
    figures = waiting_in(roots) if queue.slug == "suggestions" else {}
    people = {
        one.pk: one for one in User.objects.filter(pk__in={root.sealed_by_id for root in roots.values()})
    }
    rows = []
    for item in items:
        root = roots.get(item.ref)
        if root is None:
            continue
        words = said.get(item.ref)
        prop = properties[item.more] if gaps else 0
        rows.append(
            Row(
                root=root,
                label=label(root),
                kind=root.get_kind_display() if isinstance(root, Entity) else str(root._meta.verbose_name),
                url=admin_url(root),
                since=item.at,
                state=str(State(root.state).label),
                who=people.get(root.sealed_by_id or 0),
                about=names.get(item.more, "") if gaps else words.text if words else sent.get(item.ref, ""),
                said_by=words.by if words else None,
                enter_url=_enter_url(root, prop, here) if gaps else "",
                unknown_url=_enter_url(root, prop, here, value_kind="unknown") if gaps else "",
                gap=f"{item.ref}:{item.more}" if gaps else "",
                figures=figures.get(item.ref),
            )
        )
    return rows


def _said(refs: set[str]) -> Mapping[str, Comment]:
    """The latest words with which each was sent back."""
    decisions = Comment.objects.filter(ref__in=refs, decision__in=list(NEEDS_COMMENT)).select_related("by")
    return {one.ref: one for one in decisions.order_by("at")}


def _sent(roots: Iterable[Root]) -> Mapping[str, str]:
    """What partners wrote with the claims among `roots`."""
    claims = [root.pk for root in roots if isinstance(root, Claim)]
    return dict(Submission.objects.filter(claim__in=claims).values_list("claim__ref", "message"))


def _keys(refs: set[str]) -> dict[str, int]:
    return {root.ref: root.pk for root in roots_of(refs)}


def _enter_url(root: Root, prop: int, back: str, **more: str) -> str:
    query = {"subject": root.pk, "property": prop, **more, BACK: back}
    return f"{reverse('admin:claims_claim_add')}?{urlencode(query)}"


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
