"""What two texts have in common and what each has alone."""

from __future__ import annotations

from claims.extraction.reading import read
from claims.lineage.evidence import Evidence, weigh
from claims.lineage.features import features
from claims.lineage.rarity import Rarity
from companies.matching import Mention
from tests.claims.lineage.made import source


def weighed(a: str, b: str) -> Evidence:
    return weigh(source(a), source(b, "b"), Rarity())


def test_figures_of_its_own_come_the_rarest_first() -> None:
    found = weighed("11 22 5e6USD 944e6USD 33", "11 22 33")
    assert found.a.own == ("944e6USD", "5e6USD")
    assert found.b.own == ()
    assert found.a.own_bits > found.b.own_bits == 0


def test_a_figure_that_drifted_is_nobody_s_own() -> None:
    found = weighed("11 5.576e6USD 22 33", "11 5.6e6USD 22 33")
    assert (found.a.own, found.b.own) == ((), ())
    apart = weighed("11 5.576e6USD 22 33", "11 7.1e6USD 22 33")
    assert (apart.a.own, apart.b.own) == (("5.576e6USD",), ("7.1e6USD",))


def test_a_name_that_only_one_text_asserts_still_counts_by_its_sound() -> None:
    text = "The farm of Skagervind cost $3.7 billion and $218 million."
    known = [Mention(12, 22, "Skagervind", "skagervind")]
    a = features("a", text, read(text, "en", known))
    b = features("b", text, read(text, "en"))
    assert "skagervind" not in {key for _kind, key in b.found}
    assert weigh(a, b, Rarity()).whole_row.share == 1
    assert weigh(a, b, Rarity()).whole_row.shared == weigh(b, b, Rarity()).whole_row.shared


def test_of_slight_evidence_only_the_figures_are_told() -> None:
    found = weighed("944e6USD Karvel", "944e6USD Stomdal")
    assert found.figures == (("figure", "944000000 USD"),)
    assert (found.whole_row.shared, found.a.names) == (0, 0)
    assert weighed("944e6USD 31% Karvel", "944e6USD 31% Stomdal").a.names == 1
