"""Talk about one thing: what was said and decided, who looks after it, and what one may decide now. And notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions import talk
from claims.actions.approvals import approve
from claims.actions.reviews import DECISIONS
from claims.admin.comparing import compare_url
from claims.admin.finding import admin_url, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.publishing import REFUSALS, page_of, previews, seen_of, sentences
from claims.admin.submitted import sent_in
from claims.models import Assignment, Comment, Notice
from claims.models.talk import LONGEST
from claims.workflow import NEEDS_COMMENT, Action
from kb.lib.text import unix_lines
from kb.models import Revision, Root, State

MOST: Final = 200
NOTICES: Final = 50
LISTED: Final = 10  # things that one notice names; the others are counted
DEEDS: Final[Mapping[Action, Callable[..., object]]] = {Action.APPROVE: approve, **DECISIONS}


DONE: Final[Mapping[Action, Any]] = {
    Action.TAKE_UP: gettext_lazy(
        "It is taken up, and a draft of yours now; so are sources proposed with it."
    ),
    Action.SUBMIT: gettext_lazy("It is submitted for review."),
    Action.TAKE_BACK: gettext_lazy("It is taken back from review."),
    Action.REQUEST_CHANGES: gettext_lazy("It is sent back, and who wrote it is told what to change."),
    Action.APPROVE: gettext_lazy("This version is approved."),
    Action.REJECT: gettext_lazy("It is rejected, and who wrote it is told why."),
    Action.DISCARD: gettext_lazy("It is discarded."),
    Action.REOPEN: gettext_lazy("It is reopened as a draft."),
}


class TalkForm(forms.Form):
    """Words, for a comment or to go with a decision."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "vLargeTextField"}),
    )

    def clean_text(self) -> str:
        return unix_lines(self.cleaned_data["text"])


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Looked after by"),
        required=False,
        empty_label=gettext_lazy("nobody"),
    )

    def __init__(self, root: Root, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["to"]).queryset = permissions.people_for(root)


def panel(user: User, root: Root, *, form: TalkForm | None = None) -> dict[str, Any]:
    """What a page shows of the talk about `root`: the words so far, and what the user may do now."""
    comments = Comment.objects.filter(ref=root.ref).select_related("by").order_by("-at", "-id")[:MOST]
    assignment = Assignment.objects.filter(ref=root.ref).select_related("assigned_to").first()
    allowed = [action for action in DEEDS if not permissions.refusal(user, action, root)]
    return {
        "talk_root": root,
        "talk_url": talk_url(root),
        "comments": list(comments)[::-1],
        "assignment": assignment,
        "decisions": [(action, action in NEEDS_COMMENT) for action in allowed],
        "may_comment": not permissions.refusal(user, Action.COMMENT, root),
        "talk_form": form or TalkForm(),
        "assign_form": AssignForm(root, initial={"to": assignment.assigned_to if assignment else None}),
    }


def sent_back(root: Root) -> Comment | None:
    """The decision by which the root was sent back or rejected, with its words; None once it went on from there."""
    if root.state not in (State.DRAFT, State.REJECTED):
        return None
    words = Comment.objects.filter(ref=root.ref, decision__in=list(NEEDS_COMMENT)).select_related("by")
    last = words.order_by("-at", "-id").first()
    further = (State.IN_REVIEW, State.APPROVED)
    if (
        last is None
        or Revision.objects.filter(ref=root.ref, version__gt=last.version, state__in=further).exists()
    ):
        return None
    return last


def talk_url(root: Root) -> str:
    return reverse("admin:talk", args=[root.ref])


def talk_view(site: admin.AdminSite, request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the talk. POST with decision=comment, assign, or what the workflow allows on the version in `seen`."""
    root, user = _root(request, ref), cast(User, request.user)
    form, refused = TalkForm(request.POST or None), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            said = _do(request, root, user, form.cleaned_data["text"])
        except REFUSALS as fault:
            refused = sentences(fault)
            root = _root(request, ref)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(talk_url(root))
    context = {
        **site.each_context(request),
        **panel(user, root, form=form if refused or form.errors else None),
        "title": _("Review and talk"),
        "shown": previews([root])[0],
        "sent_in": sent_in(root),
        "label": label(root),
        "root": root,
        "url": admin_url(root),
        "compare_url": compare_url(root),
        "publish_url": page_of("admin:review", [ref]) if permissions.can_publish(user) else "",
        "desk_state": State(root.state).label,
        "refused": refused,
    }
    return TemplateResponse(request, "admin/talk.html", context, status=409 if refused else 200)


def _do(request: HttpRequest, root: Root, by: User, text: str) -> str:
    """Carry out what was posted; what to say of it."""
    asked = request.POST.get("decision", "")
    if asked == Action.COMMENT:
        talk.comment(root, by=by, text=text)
        return _("Said.")
    if asked == Action.ASSIGN:
        form = AssignForm(root, request.POST)
        if not form.is_valid():
            raise Http404("nobody of that name")
        to: User | None = form.cleaned_data["to"]
        talk.assign(root, to=to, by=by)
        return _("%(name)s looks after it now.") % {"name": to} if to else _("Nobody looks after it now.")
    if asked not in DEEDS:
        raise Http404("there is no such decision")
    seen = seen_of(request)
    if set(seen) != {root.ref}:
        raise Http404("one thing at a time")
    DEEDS[Action(asked)](root, by=by, expect=seen[root.ref], comment=text)
    return str(DONE[Action(asked)])


def _root(request: HttpRequest, ref: str) -> Root:
    found = roots_of([ref])
    if not found:
        raise Http404("nothing on the desk has this ref")
    if not permissions.can_view_root(request.user, found[0]):
        raise PermissionDenied
    return found[0]


# Notices ----------------------------------------------------------------------------------------------------


def notices_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: the user's notices, the newest first. POST: those up to `up_to` are read."""
    user = cast(User, request.user)
    if request.method == "POST":
        up_to = request.POST.get("up_to", "")
        if not up_to.isascii() or not up_to.isdigit() or len(up_to) > 18:
            raise Http404("no such notice")
        talk.mark_read(user, up_to=int(up_to))
        return HttpResponseRedirect(reverse("admin:notices"))
    before = request.GET.get("before", "")
    last = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
    found = gathered(user, before=last)
    shown = found[:NOTICES]
    context = {
        **site.each_context(request),
        "title": _("Notices"),
        "notices": shown,
        "up_to": shown[0].last if shown and not before else None,
        "next_url": f"?before={shown[-1].last}" if len(found) > NOTICES else "",
        "mail": user.email,
    }
    return TemplateResponse(request, "admin/talk_notices.html", context)


@dataclass(frozen=True)
class Gathered:
    """What one person did at one moment, to one thing or to many."""

    first: Notice
    last: int  # the highest key of its notices
    things: Sequence[tuple[str, str]]  # the first of them: label, address
    more: int  # things that are not listed
    unread: bool


ALIKE: Final = ("event", "by", "at", "text")


def gathered(user: User, *, before: int | None) -> list[Gathered]:
    """A page of the user's notices and the next one after it, the newest first; a fixed number of queries."""
    own = Notice.objects.filter(user=user)
    groups = (
        own.order_by()
        .values(*ALIKE)
        .annotate(last=Max("pk"), number=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
        .order_by("-last")
    )
    page = list((groups.filter(last__lt=before) if before is not None else groups)[: NOTICES + 1])
    place = Window(RowNumber(), partition_by=list(ALIKE), order_by="pk")
    rows = own.filter(at__in={one["at"] for one in page}).annotate(place=place).filter(place__lte=LISTED)
    members: dict[tuple[object, ...], list[Notice]] = {}
    for row in rows.select_related("by").order_by("pk"):
        members.setdefault((row.event, row.by_id, row.at, row.text), []).append(row)
    labels = by_ref(row.ref for some in members.values() for row in some)
    found = []
    for one in page:
        some = members[tuple(one[name] for name in ALIKE)]
        things = [(_thing(row, labels), _address(row)) for row in some]
        found.append(Gathered(some[0], one["last"], things, one["number"] - len(some), bool(one["unread"])))
    return found


def _thing(notice: Notice, labels: Mapping[str, str]) -> str:
    """What it is called now; what it was called then, where nothing stands there any more, or nothing may be said."""
    return notice.thing if notice.thing == talk.FORGOTTEN else labels.get(notice.ref, notice.thing)


def _address(notice: Notice) -> str:
    return reverse("admin:talk", args=[notice.ref]) if notice.ref else reverse("admin:schedules")


def unread(request: HttpRequest) -> int:
    """How many notices the user has not read yet; what was done to many things at once is one."""
    fresh = Notice.objects.filter(user=cast(User, request.user)).unread()
    number: int = fresh.order_by().values(*ALIKE).distinct().count()
    return number
