"""The disputes on the desk that claims are in already, so that a second one about the same is not opened unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest

from claims.admin.finding import admin_url
from claims.admin.labels import label
from claims.models import Claim, Dispute, DisputeMember
from kb.lib.refs import is_ref
from kb.models import PUT_ASIDE

MOST_JOINING: Final = 20  # claims that one address may bring into a dispute


@dataclass(frozen=True)
class Held:
    """A dispute that one of some claims is in, or all of them."""

    label: str
    url: str
    whole: bool
    join_url: str  # its form with the other claims as new members; empty where it has them all


def members_of(claims: Iterable[str]) -> dict[int, tuple[Dispute, set[str]]]:
    """The disputes that any of the claims (refs) is in, by key, each with those of them it has; one query."""
    rows = DisputeMember.objects.filter(claim__ref__in=list(claims)).exclude(dispute__state__in=PUT_ASIDE)
    found: dict[int, tuple[Dispute, set[str]]] = {}
    for member in rows.select_related("dispute", "claim").order_by("dispute__slug"):
        found.setdefault(member.dispute_id, (member.dispute, set()))[1].add(member.claim.ref)
    return found


def held(claims: Collection[str], standing: Mapping[int, tuple[Dispute, set[str]]]) -> list[Held]:
    """Of the disputes in `standing` those that have any of the claims; those that have all of them first."""
    found = []
    for dispute, members in standing.values():
        if members.isdisjoint(claims):
            continue
        whole, url = members.issuperset(claims), admin_url(dispute)
        join = "" if whole else f"{url}?{urlencode({'claims': ','.join(sorted(claims))})}"
        found.append(Held(label(dispute), url, whole, join))
    return sorted(found, key=lambda one: not one.whole)


def joining(request: HttpRequest, dispute: Dispute) -> Sequence[Claim]:
    """The claims that ?claims= brings into the dispute: those that it does not have."""
    refs = [ref for ref in request.GET.get("claims", "").split(",") if is_ref(ref)][:MOST_JOINING]
    if not refs:
        return ()
    members = DisputeMember.objects.filter(dispute=dispute).values("claim")
    return list(Claim.objects.filter(ref__in=refs).exclude(pk__in=members).order_by("ref"))
