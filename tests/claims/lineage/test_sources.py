"""What two independent reports both rest on."""

from __future__ import annotations

from claims.lineage.sources import common_source
from tests.claims.lineage.made import source


def rest_on(a: str, b: str, step: int = 100) -> str | None:
    one, other = source(a, step=step), source(b, "b", step=step)
    return common_source(one, other, one.found & other.found)


def test_it_stands_beside_the_shared_figures_in_both() -> None:
    assert rest_on("@auditors 944e6USD 31% Karvel", "Lindmark Aldrin @auditors 31% 944e6USD") == "auditors"


def test_a_name_that_is_not_registered_is_given_as_printed() -> None:
    assert rest_on("Meridian 944e6USD 31% Karvel", "Lindmark Aldrin Meridian 31% 944e6USD") == "Meridian"


def test_one_shared_figure_rests_on_nothing() -> None:
    assert rest_on("@auditors 944e6USD", "@auditors 944e6USD") is None


def test_a_name_far_from_the_figures_vouches_for_nothing() -> None:
    far = "x1 x2 x3 x4 x5 x6 x7"
    assert rest_on(f"@auditors {far} 944e6USD 31%", f"@auditors {far} 944e6USD 31%") is None


def test_the_subject_that_stands_everywhere_gives_way() -> None:
    subject = "@tower x1 x2 x3 @tower x4 x5 x6 @tower x7 x8"
    a, b = f"{subject} @tower @auditors 944e6USD 31%", f"{subject} @auditors 31% 944e6USD @tower"
    assert rest_on(a, b, step=60) == "auditors"
    assert rest_on(a.replace("@auditors", ""), b.replace("@auditors", ""), step=60) == "tower"


def test_what_is_counted_does_not_count() -> None:
    # Steps of nine: "944000000" is followed by the name at once.
    assert rest_on("944000000 @cranes 31%", "31% 944000000 @cranes", step=10) is None
    assert rest_on("@cranes 944000000 31%", "@cranes 31% 944000000", step=100) == "cranes"


def test_numbers_of_models_and_abbreviations_vouch_for_nothing() -> None:
    assert rest_on("@h800 GPU 944e6USD 31%", "@h800 GPU 31% 944e6USD") is None
