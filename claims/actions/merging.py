"""Two entries for one thing become one, and one entry for two things becomes two.

Both are done on the desk first, and reach readers by an edition like everything else: a merged entity is a tombstone
that leads to its heir, and claims are not reprinted, since readers and filters follow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import press
from claims.actions.entities import save_entity
from claims.actions.inheritance import acquired, keys_of
from claims.actions.judging import judge
from claims.actions.suspecting import suspect
from claims.ledger.models import Edition, Reason
from claims.models import Claim, Verdict
from claims.permissions import require_role, require_saving
from claims.workflow import Role
from companies.actions import EntityDraft, IdentifierDraft, NameDraft, draft_of
from companies.models import Entity, Name
from kb.lib import checked
from kb.models import OUTSIDE, State

Versions = Mapping[str, int]  # by ref, as they were read
ROLES = ("subject", "value_entity", "asserted_by")  # how a claim may name an entity


@dataclass(frozen=True)
class Gains:
    """What an heir takes over: names and identifiers that it does not have yet."""

    names: Sequence[NameDraft] = ()
    identifiers: Sequence[IdentifierDraft] = ()


def gains(entity: Entity, into: Entity) -> Gains:
    """What `into` would take over from `entity`; a label in a language in which it has one becomes an alias."""
    known = {(name.text, name.language) for name in into.names.all()}
    labelled = {name.language for name in into.names.all() if name.role == Name.Role.LABEL}
    held = {(one.scheme, one.value) for one in into.identifiers.all()}
    names = []
    for name in entity.names.all():
        if (name.text, name.language) in known:
            continue
        known.add((name.text, name.language))
        clashes = name.role == Name.Role.LABEL and name.language in labelled
        role = Name.Role.ALIAS if clashes else name.role
        names.append(NameDraft(text=name.text, language=name.language, role=role))
    return Gains(
        names,
        [
            IdentifierDraft(scheme=one.scheme, value=one.value)
            for one in entity.identifiers.all()
            if (one.scheme, one.value) not in held
        ],
    )


def fold_entity(
    entity: Entity,
    *,
    into: Entity,
    by: User | None,
    why: str = "",
    expect: Versions | None = None,
    state: State = State.IN_REVIEW,
    at: datetime | None = None,
) -> tuple[Entity, Entity]:
    """Merge on the desk: `entity` leads to `into`, which takes over its names and identifiers. Both, as saved.

    Raises ValidationError when the kinds differ, when one leads elsewhere already, or the merge would run in a
    circle; StaleVersion when one is not at the version that `expect` says.
    """
    with transaction.atomic():
        entity, into = _locked(entity, into, expect or {})
        _refuse(entity, into)
        gained, said = gains(entity, into), _said(f"merged into {into.slug}", why)
        require_saving(by, entity, state)
        entity.merged_into, entity.state = into, state
        checked.save(entity)
        entity.seal(by=by, why=said, at=at)  # before the heir's: `acquired` goes by this order
        if gained.names or gained.identifiers:
            draft = draft_of(into)
            draft = replace(
                draft,
                names=[*draft.names, *gained.names],
                identifiers=[*draft.identifiers, *gained.identifiers],
            )
            took = _said(f"took over names of {entity.slug}", why)
            into = save_entity(draft, by=by, why=took, ref=into.ref, state=state, at=at)
        judge(entity, into, Verdict.SAME, by=by, why=why, at=at)
        return entity, into


def merge_entity(
    entity: Entity,
    *,
    into: Entity,
    by: User | None,
    reason: Reason = Reason.UPDATE,
    note: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Edition:
    """Merge, and print the tombstone and the heir at once. Raises what `fold_entity` and `press.publish` raise."""
    for one in (entity, into):
        require_role(by, Role.PUBLISHER, one)
    with transaction.atomic():
        version = into.version
        folded = fold_entity(entity, into=into, by=by, at=at)
        changed = folded if folded[1].version != version else folded[:1]
        edition = press.publish(changed, by=by, reason=reason, note=note, at=at)
        suspect(edition, at=at)
        return edition


def taken_over(entity: Entity) -> Gains:
    """What the heir of a merged entity has from it alone: not of its own, nor from another that is merged into it."""
    heir = entity.merged_into
    if heir is None:
        return Gains()
    others = Entity.objects.with_parts().filter(merged_into=heir).exclude(pk=entity.pk)
    given = (keys_of(entity) & acquired(heir)).difference(*map(keys_of, others))
    draft = draft_of(heir)
    return Gains(
        [one for one in draft.names if ("name", one.text, one.language) in given],
        [one for one in draft.identifiers if ("identifier", one.scheme, one.value) in given],
    )


def unfold_entity(
    entity: Entity,
    *,
    by: User | None,
    why: str = "",
    keep: Gains = Gains(),
    expect: Versions | None = None,
    state: State = State.IN_REVIEW,
    at: datetime | None = None,
) -> tuple[Entity, Entity]:
    """Undo a merge on the desk: the entity stands for itself again, its heir gives back what it took over.

    The heir keeps what `keep` names. Raises ValidationError when the entity was not merged, and while its heir is
    itself merged: what came over goes back by the way it came; StaleVersion.
    """
    heir = entity.merged_into
    if heir is None:
        raise ValidationError(_("This entry is not merged into another, so there is nothing to undo."))
    with transaction.atomic():
        entity, heir = _locked(entity, heir, expect or {})
        if heir.merged_into is not None:
            raise ValidationError(merged_on(entity))
        back = taken_over(entity)
        names = [name for name in back.names if name not in keep.names]
        identifiers = [one for one in back.identifiers if one not in keep.identifiers]
        require_saving(by, entity, state)
        entity.merged_into, entity.state = None, state
        checked.save(entity)
        entity.seal(by=by, why=_said(f"no longer merged into {heir.slug}", why), at=at)
        if names or identifiers:
            gave = _said(f"gave back names of {entity.slug}", why)
            heir = save_entity(
                without(heir, names, identifiers), by=by, why=gave, ref=heir.ref, state=state, at=at
            )
        judge(entity, heir, Verdict.DIFFERENT, by=by, why=why, at=at)
        return entity, heir


def merged_on(entity: Entity) -> str:
    """Why a merge cannot be undone now: the heir has gone into another since. Empty where it has not."""
    heir = entity.merged_into
    if heir is None or heir.merged_into is None:
        return ""
    said = _(
        "“%(heir)s” is itself merged into “%(last)s”, with all that came from “%(entity)s”: undo that merge first."
    )
    return said % {"heir": heir, "last": heir.merged_into, "entity": entity}


@dataclass(frozen=True, kw_only=True)
class Parting:
    """What goes to a new entity: names and identifiers of the old one, and the claims' parts that name it.

    `claims` are (ref of the claim, role) pairs; a role is one of ROLES.
    """

    slug: str
    names: Sequence[NameDraft]
    identifiers: Sequence[IdentifierDraft] = ()
    description: Mapping[str, str] = field(default_factory=dict)
    claims: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Parted:
    old: Entity
    new: Entity
    claims: Sequence[Claim]


def split_entity(
    entity: Entity,
    parting: Parting,
    *,
    by: User | None,
    why: str = "",
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Parted:
    """Part an entity in two on the desk. The two are judged different, so that nobody proposes to merge them.

    Raises ValidationError when a claim does not name the entity in that role, when nothing would be left of either,
    and what `save_entity` raises; StaleVersion.
    """
    with transaction.atomic():
        entity = Entity.locked(entity.ref, expect=expect)
        if entity.merged_into is not None:
            raise ValidationError(_("This entry is merged into another: undo that first."))
        if not parting.names:
            raise ValidationError({"names": _("Choose at least one name for the new entry.")})
        left = without(entity, parting.names, parting.identifiers)
        if not any(name.role == Name.Role.LABEL for name in left.names):
            raise ValidationError({"names": _("The old entry keeps at least one label: leave it one.")})
        said = _said(f"parted from {entity.slug}", why)
        draft = EntityDraft(
            kind=entity.kind,
            slug=parting.slug,
            names=_with_label(parting.names),
            identifiers=parting.identifiers,
            description=parting.description,
        )
        new = save_entity(draft, by=by, why=said, state=state, at=at)
        gave = _said(f"parted with {new.slug}", why)
        old = save_entity(left, by=by, why=gave, ref=entity.ref, state=state, at=at)
        moved = _move(entity, new, parting.claims, by=by, why=gave, state=state, at=at)
        judge(old, new, Verdict.DIFFERENT, by=by, why=why, at=at)
        return Parted(old, new, moved)


def without(
    entity: Entity, names: Sequence[NameDraft], identifiers: Sequence[IdentifierDraft]
) -> EntityDraft:
    """The entity as it stands, less these names and identifiers."""
    draft = draft_of(entity)
    return replace(
        draft,
        names=[name for name in draft.names if name not in names],
        identifiers=[one for one in draft.identifiers if one not in identifiers],
    )


def _with_label(names: Sequence[NameDraft]) -> list[NameDraft]:
    """The names, the first of them a label where there was none among them."""
    if any(name.role == Name.Role.LABEL for name in names):
        return list(names)
    return [replace(names[0], role=Name.Role.LABEL), *names[1:]]


def _move(
    entity: Entity, new: Entity, claims: Sequence[tuple[str, str]], *, by: User | None, why: str, state: State,
    at: datetime | None,
) -> list[Claim]:  # fmt: skip
    wanted: dict[str, list[str]] = {}
    for ref, role in claims:
        wanted.setdefault(ref, []).append(role)
    moved = []
    for ref, roles in sorted(wanted.items()):
        claim = Claim.locked(ref, expect=None)
        require_saving(by, claim, state)
        for role in roles:
            if role not in ROLES or getattr(claim, f"{role}_id") != entity.pk:
                raise ValidationError({"claims": _("%(claim)s does not name this entry.") % {"claim": claim}})
            setattr(claim, role, new)
        if claim.state not in OUTSIDE:  # to move it is not to stand for it
            claim.state = state
        checked.save(claim)
        moved.append(claim.seal(by=by, why=why, at=at))
    return moved


def _locked(entity: Entity, other: Entity, expect: Versions) -> tuple[Entity, Entity]:
    """Both, locked in the order of their refs."""
    rows = {ref: Entity.locked(ref, expect=expect.get(ref)) for ref in sorted({entity.ref, other.ref})}
    return rows[entity.ref], rows[other.ref]


def _refuse(entity: Entity, into: Entity) -> None:
    if entity.kind != into.kind:
        raise ValidationError(
            _(
                "“%(entity)s” (%(kind)s) is not merged into “%(into)s” (%(other)s): they are of different kinds."
            )
            % {
                "entity": entity,
                "into": into,
                "kind": entity.get_kind_display(),
                "other": into.get_kind_display(),
            }
        )
    if entity.merged_into is not None:
        raise ValidationError(_("This entry is merged into another already: undo that first."))
    goal: Entity | None = into
    while goal is not None:
        if goal.pk == entity.pk:
            raise ValidationError(_("an entity cannot be merged into itself, directly or over others"))
        goal = goal.merged_into
    if into.merged_into is not None:
        raise ValidationError(
            _("“%(into)s” is itself merged into “%(heir)s”: choose that one.")
            % {"into": into, "heir": into.merged_into}
        )


def _said(what: str, why: str) -> str:
    return f"{what}: {why}" if why else what
