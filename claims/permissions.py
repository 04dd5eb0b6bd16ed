"""Who may do what, as predicates over a user. Superusers may do everything, people who left nothing.

`refusal` holds a person against workflow.TABLE; actions call `require` and `require_saving`, so that no interface, bulk
action or forged request gets around it. The machine (no user) is bound by nothing here.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Permission, PermissionsMixin
from django.contrib.auth.models import User as Account
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import press, workflow
from claims.ledger.models import GONE, OPEN, Record
from claims.using import naming
from claims.workflow import Action, Role, Whose
from companies.models import Entity
from kb.lib.spoken import numeral
from kb.models import Root, State

PROPOSE: Final = "claims.propose_claim"
PUBLISH: Final = "claims.publish_claim"
APPROVE: Final = "claims.approve_claim"
ADMINISTER: Final = "claims.administer_claim"
PROPOSED: Final = ("claim", "source")  # kinds of what partners send in
MOST_NAMED: Final = 5  # of what uses a thing, in a refusal

User = AbstractBaseUser | AnonymousUser


class NotAllowed(ValidationError):
    """Why this person may not do this to this version, in a sentence for them; nothing was written."""


def _granted(user: User, permission: str) -> bool:
    """Staff who hold the permission and are still active."""
    return (
        isinstance(user, PermissionsMixin)
        and bool(getattr(user, "is_staff", False))
        and user.has_perm(permission)
    )


def can_edit(user: User, model: type[models.Model]) -> bool:
    """May change things of this model on the desk."""
    return _granted(user, f"{model._meta.app_label}.change_{model._meta.model_name}")


def can_propose(user: User) -> bool:
    """May send claims in through the API; takes no place on the staff."""
    return isinstance(user, PermissionsMixin) and user.has_perm(PROPOSE)


def can_publish(user: User) -> bool:
    """May have the press print an edition, withdrawals included."""
    return _granted(user, PUBLISH)


def can_administer(user: User) -> bool:
    """May look after logins, keys, public names and redactions."""
    return _granted(user, ADMINISTER)


def can_approve(user: User) -> bool:
    """May vouch for what others wrote."""
    return _granted(user, APPROVE)


def can_approve_root(user: User, root: Root, writers: Container[int] | None = None) -> bool:
    """May vouch for this very version: never for one's own, except in one-person mode."""
    return not refusal(user, Action.APPROVE, root, writers)


def has_role(user: User, role: Role, root: Root) -> bool:
    """Whether the user may do to `root` what `role` may: permissions decide, and groups only hold them."""
    match role:
        case Role.PARTNER:
            return can_propose(user) if root.KIND in PROPOSED else has_role(user, Role.CONTRIBUTOR, root)
        case Role.CONTRIBUTOR:
            return any(_granted(user, one) for one in _editing(root))
        case Role.EDITOR:
            return can_approve(user)
        case Role.PUBLISHER:
            return can_publish(user)
        case Role.ADMINISTRATOR:
            return can_administer(user)


def _editing(root: Root) -> list[str]:
    """The permissions of which any lets somebody write `root`; an entity's are also those of its kind."""
    verb = "change" if root.pk else "add"
    names = [type(root)._meta.model_name or ""]
    if isinstance(root, Entity):
        names += ["entity", *(kind._meta.model_name or "" for kind in _proxies(root.kind))]
    return [f"{root._meta.app_label}.{verb}_{name}" for name in names]


def _proxies(kind: str) -> list[type[Entity]]:
    return [one for one in Entity.__subclasses__() if kind == one.OF_KIND]


def is_live(ref: str) -> bool:
    """Whether readers see the thing now."""
    return Record.objects.filter(ref=ref, edition_to=OPEN).exclude(op__in=GONE).exists()


def _name(root: Root) -> str:
    """What the root is called; one that is not there yet has no words for its parts."""
    return str(root) if root.pk else str(root._meta.verbose_name)


def refusal(user: User, action: Action, root: Root, writers: Container[int] | None = None) -> str:
    """Why `user` may not do `action` to `root` as it stands, in a sentence; empty when they may.

    Give the root as the database has it. Who wrote it is asked of its history, unless `writers` says so.
    """
    state = State(root.state) if root.pk else None
    rows = workflow.rules(action, state)
    said = {
        "thing": _name(root),
        "state": state.label if state else _("not there yet"),
        "action": action.label,
    }
    if not rows:
        if action == Action.APPROVE:
            return _("%(thing)s is %(state)s, so it cannot be approved") % said
        return _("%(thing)s is %(state)s: to “%(action)s” does not apply") % said
    held = [rule for rule in rows if has_role(user, rule.role, root)]
    if not held:
        return _("to “%(action)s” %(thing)s takes more rights than you have") % said
    if action == Action.TAKE_UP and (gone := press.rests_on_what_is_gone(root)):
        return _(
            "%(thing)s cannot be taken up: %(why)s. Reopen that first, have it name another, or reject it."
        ) % {**said, "why": "; ".join(gone)}
    if action in workflow.PUTS_ASIDE and is_live(root.ref):
        return _("readers see %(thing)s: withdraw it before it is put aside") % said
    if any(rule.whose == Whose.ANYBODYS for rule in held):
        return ""
    wrote = user.pk in (press.writers(root) if writers is None else writers)
    if any(rule.whose == Whose.OWN for rule in held):
        return "" if wrote else _("you did not write this version of %(thing)s") % said
    if wrote and not settings.ONE_PERSON_MODE:
        if action == Action.APPROVE:
            return _("you wrote this version of %(thing)s: somebody else approves it") % said
        return _("you wrote this version of %(thing)s: somebody else reviews it") % said
    return ""


def require(user: User | None, action: Action, root: Root) -> None:
    """Raise NotAllowed unless `user`, or the machine, may do `action` to `root` as it stands."""
    if user is not None and (fault := refusal(user, action, root)):
        raise NotAllowed(fault)


def require_role(user: User | None, role: Role, root: Root) -> None:
    """Raise NotAllowed unless `user`, or the machine, may do to `root` what `role` may, whatever its state."""
    if user is None or has_role(user, role, root):
        return
    if role == Role.CONTRIBUTOR and any(_granted(user, one) for one in _editing(type(root)(**_kind(root)))):
        return  # who may add a thing may also put its first parts into it
    raise NotAllowed(_("this takes more rights to %(thing)s than you have") % {"thing": _name(root)})


def _kind(root: Root) -> dict[str, str]:
    return {"kind": root.kind} if isinstance(root, Entity) else {}


def require_administrator(user: User) -> None:
    """Raise NotAllowed unless `user` looks after the desk."""
    if not can_administer(user):
        raise NotAllowed(_("this is for administrators"))


def require_comment(action: Action, comment: str) -> None:
    """Raise ValidationError when the author must be told why, and is not."""
    if action in workflow.NEEDS_COMMENT and not comment.strip():
        raise ValidationError(
            {"comment": _("Say to the author why: to “%s” needs a comment.") % action.label}
        )


def require_saving(user: User | None, root: Root, to: State) -> None:
    """Raise NotAllowed unless `user`, or the machine, may save `root` so that it is then in `to`.

    Call it on the root as the database has it, before anything is put into it.
    """
    if user is None:
        return
    state = State(root.state) if root.pk else None
    actions = workflow.actions_of_saving(state, to)
    if not actions:
        said = {"thing": _name(root), "state": state.label if state else _("new"), "to": to.label}
        raise NotAllowed({"next_state": _("%(thing)s is %(state)s; saving does not make it %(to)s") % said})
    if fault := refusal(user, actions[0], root):
        raise NotAllowed({"next_state" if actions[0] in workflow.PUTS_ASIDE else "__all__": fault})
    if actions[0] == Action.DISCARD:
        try:
            require_unused(user, root)
        except NotAllowed as used:
            raise NotAllowed({"next_state": used.messages}) from used


def require_unused(user: User | None, root: Root) -> None:
    """Raise NotAllowed while something that is not put aside names the root, saying what."""
    if user is None or not root.pk:
        return
    users = [(rows.count(), rows) for rows in naming(root)]
    if number := sum(count for count, _rows in users):
        first = [str(one) for count, rows in users if count for one in rows[:MOST_NAMED]][:MOST_NAMED]
        said = ngettext(
            "%(thing)s is in use, by %(number)s thing: %(users)s. Discard that first, or have it name another.",
            "%(thing)s is in use, by %(number)s things: %(users)s. Discard those first, or have them name another.",
            number,
        )
        more = "" if number <= len(first) else " …"
        raise NotAllowed(
            said % {"thing": _name(root), "number": numeral(number), "users": "; ".join(first) + more}
        )


def require_complete(user: User | None, root: Root) -> None:
    """Raise ValidationError with all that is missing, unless the root could be published as it stands.

    For what a person hands on to others: drafts may be incomplete, and the machine is bound by nothing here.
    """
    if user is not None and (faults := press.unpublishable(root)):
        raise ValidationError(faults)


def require_handed_on_complete(user: User | None, root: Root) -> None:
    """The same for what was just saved into review, said where the form asks what becomes of it."""
    if root.state != State.IN_REVIEW:
        return
    try:
        require_complete(user, root)
    except ValidationError as fault:
        said = _(
            "It is not complete, so it cannot go to review yet. Keep it as a draft, or add what is missing:"
        )
        raise ValidationError({"next_state": [said, *fault.messages]}) from fault


def people_for(root: Root) -> models.QuerySet[Account]:
    """Who may work on `root`, and so can be asked to look after it."""
    return _able({*_editing(root), APPROVE})


def publishers() -> models.QuerySet[Account]:
    """Who may publish."""
    return _able({PUBLISH})


def _able(permissions: Collection[str]) -> models.QuerySet[Account]:
    """The staff who hold any of the permissions, by name."""
    names = {one.partition(".")[2] for one in permissions}
    held = Permission.objects.filter(codename__in=names, content_type__app_label__in=["claims", "companies"])
    able = (
        models.Q(is_superuser=True)
        | models.Q(groups__permissions__in=held)
        | models.Q(user_permissions__in=held)
    )
    people = Account.objects.filter(able, is_active=True, is_staff=True)
    return Account.objects.filter(pk__in=people.values("pk")).order_by("username")


def can_view(user: User, model: type[models.Model]) -> bool:
    """May look at things of this model on the desk."""
    names = (f"{model._meta.app_label}.{verb}_{model._meta.model_name}" for verb in ("view", "change"))
    return any(_granted(user, one) for one in names)


def can_view_root(user: User, root: Root) -> bool:
    """May look at this thing; an entity also with the right to look at its kind."""
    models_of = [type(root), *(_proxies(root.kind) if isinstance(root, Entity) else ())]
    return any(can_view(user, model) for model in models_of)
