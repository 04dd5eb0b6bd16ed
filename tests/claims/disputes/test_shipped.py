"""The shipped dossier: how the members of its disputes stand to each other, and that nothing else is suspected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest

from claims.actions.candidates import Published
from claims.actions.suspecting import recheck
from claims.disputes.drafting import state, suspicious
from claims.disputes.rules import IN_A_DISPUTE, RULES, Finding, Relation, Rule, another_question, relate
from claims.dossiers.loading import load
from claims.ledger.models import OPEN, ClaimIndex, Link
from claims.models import Dispute, DisputeMember, ScopeDimension, Source, Suspicion
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]
SIX_MILLION, OFFICIAL, PRE_TRAINING = "c2a583mq56", "c2xr1j1ryb", "c7pfzx9f0g"
SERVERS, RUNNING, HARDWARE = "c4487gdgcp", "c8mvt87q0w", "c9qx4855pk"
FIRST_SERVERS, FIRST_RUNNING = "c9fc01ky6r", "c52maps499"
YEAR, MAY, JULY = "c6wznfnhtt", "c9zk46v3m9", "c27r61vrmx"
CHIPS = "c1t3f6p5f1"


def between(one: str, other: str) -> Finding:
    facts = Published().facts([one, other])
    return relate(facts[one], facts[other], IN_A_DISPUTE)


def relations(slug: str) -> set[str]:
    refs = [one.claim.ref for one in Dispute.objects.get(slug=slug).members.all()]
    return {between(*pair).relation for pair in combinations(refs, 2)}


def differing(found: Finding) -> dict[str, tuple[str, str]]:
    slugs = dict(ScopeDimension.objects.values_list("ref", "slug"))
    return {slugs[ref]: (one, other) for ref, one, other in found.told["scope"]}


def test_the_figures_of_the_cost_answer_different_questions_each_dimension_named() -> None:
    assert between(OFFICIAL, SIX_MILLION).relation == Relation.REFINED  # 5.576 within about 6 million
    assert between(PRE_TRAINING, OFFICIAL).relation == Relation.PART
    named = differing(between(OFFICIAL, SERVERS))
    assert named == {
        "included-work": ("final-training-run", ""),
        "cost-basis": ("gpu-rental", "server-capex"),
    }
    named = differing(between(RUNNING, HARDWARE))
    assert named == {
        "cost-basis": ("operating", "hardware-spend"),
        "period": ("not-stated", "since-founding"),
    }
    apart = [SIX_MILLION, SERVERS, RUNNING, HARDWARE]
    for one, other in combinations(apart, 2):
        found = between(one, other)
        assert found.relation == Relation.OTHER_QUESTION
        assert "cost-basis" in differing(found)
        facts = Published().facts([one, other])
        assert state(found, facts[one], facts[other]) == "different-scope"
    assert Dispute.objects.get(slug="cost-of-deepseek-v3").verdict == "different-scope"


def test_two_versions_of_one_table_supersede_each_other() -> None:
    for new, old in ((SERVERS, FIRST_SERVERS), (RUNNING, FIRST_RUNNING)):
        found = between(old, new)
        assert (found.relation, found.claims) == (Relation.SUPERSEDED, (new, old))
        facts = Published().facts([new, old])
        assert state(found, facts[new], facts[old]) == "superseded"


def test_the_days_of_the_spin_off_refine_and_conflict() -> None:
    for finer in (MAY, JULY):
        found = between(YEAR, finer)
        assert (found.relation, found.claims) == (Relation.REFINED, (finer, YEAR))
    found = between(MAY, JULY)
    assert (found.relation, found.told["dates"]) == (Relation.CONTRADICTORY, ["2023-05", "2023-07-17"])


def test_the_loss_of_market_value_is_contested() -> None:
    assert relations("market-value-nvidia-lost") == {Relation.CONTRADICTORY}
    assert Dispute.objects.get(slug="market-value-nvidia-lost").verdict == "contested"


def test_the_committees_chips_count_something_else_and_add_no_voice() -> None:
    found = between(CHIPS, "c0q1877bxj")
    assert differing(found) == {"accelerator": ("mixed", "hopper")}
    derived = Published().claims([CHIPS])[0]["derived"]
    assert (derived["voices"], derived["origins"]) == (1, 1)
    analysts = Source.objects.get(slug="semianalysis-2025-01-31")
    assert [one["origin"] for one in derived["evidence"]] == [analysts.ref]


def test_every_contested_dispute_is_one_that_the_rules_find() -> None:
    expected = {
        "when-high-flyer-spun-off-deepseek",
        "release-of-the-deepseek-app",
        "founding-of-high-flyer",
        "market-value-nvidia-lost",
        "effective-date-of-the-october-2023-rule",
        "release-of-deepseek-v3-0324",
    }
    found = {one.slug for one in Dispute.objects.all() if Relation.CONTRADICTORY in relations(one.slug)}
    assert found == expected


def test_nothing_is_suspected_that_no_dispute_explains() -> None:
    """And the contradictions are there: without the disputes each pair would wait."""
    assert not Suspicion.objects.exists()
    assert recheck().found == 0
    DisputeMember.objects.all().delete()
    Link.objects.filter(role="member").delete()
    assert recheck().found == 5
    assert {one.relation for one in Suspicion.objects.all()} == {"contradictory"}


def test_the_misprints_of_the_coverage_contradict_nothing() -> None:
    load(ROOT / "dossiers" / "deepseek-coverage", publish=True)
    misprints = Link.objects.filter(role="link", detail="misreports", edition_to=OPEN)
    assert misprints.count() >= 2
    assert not Suspicion.objects.exists()
    assert recheck().found == 0


def test_without_the_rule_of_scopes_the_dossier_is_full_of_contradictions() -> None:
    rest = [rule for rule in RULES if rule is not another_question]
    refs = ClaimIndex.objects.filter(edition_to=OPEN).exclude(rank="deprecated").values_list("ref", flat=True)
    facts = Published().facts(list(refs))
    groups: dict[tuple[str, str], list[str]] = {}
    for one in facts.values():
        groups.setdefault((one.subject, one.property), []).append(one.ref)
    pairs = [pair for some in groups.values() for pair in combinations(sorted(some), 2)]

    def suspected(rules: Sequence[Rule]) -> int:
        return sum(suspicious(relate(facts[a], facts[b], rules), facts[a], facts[b]) for a, b in pairs)

    assert suspected(RULES) == 5 < suspected(rest)
