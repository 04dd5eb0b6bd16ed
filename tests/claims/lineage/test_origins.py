"""How many independent origins and voices stand behind a claim."""

from __future__ import annotations

from claims.lineage.origins import Witness, chain, count, root


def _supports(source: str, figure: str | None = None) -> Witness:
    return Witness(source, figure, supports=True)


def test_the_root_is_the_first_of_the_chain():
    parents = {"copy": "rewrite", "rewrite": "report"}
    assert root("copy", parents) == root("report", parents) == "report"
    assert chain("copy", parents) == ("copy", "rewrite", "report")


def test_a_circle_ends_where_it_closes():
    parents = {"a": "b", "b": "c", "c": "a"}
    assert root("a", parents) == "c"
    assert chain("a", parents) == ("a", "b", "c")
    assert root("self", {"self": "self"}) == "self"


def test_copies_of_one_origin_count_once():
    counts = count([_supports("a"), _supports("b"), _supports("o")], {"a": "o", "b": "o"}, has_asserter=False)
    assert (counts.sources, counts.origins, counts.voices) == (3, 1, 1)
    assert counts.origin_of == ("o", "o", "o")


def test_the_source_of_a_figure_goes_before_the_source_that_prints_it():
    counts = count([_supports("a", "x"), _supports("a")], {"a": "o", "x": "y"}, has_asserter=False)
    assert counts.origin_of == ("y", "o")
    assert (counts.sources, counts.origins) == (1, 2)


def test_one_asserter_is_one_voice_however_many_relay_it():
    evidence = [_supports(source) for source in "abcdefghij"]
    assert count(evidence, {}, has_asserter=True).voices == 1
    assert count(evidence, {}, has_asserter=False).voices == 10


def test_without_support_there_is_no_voice():
    refuting = Witness("a", None, supports=False)
    counts = count([refuting], {"a": "o"}, has_asserter=True)
    assert (counts.sources, counts.origins, counts.voices) == (0, 0, 0)
    assert counts.origin_of == ("o",)


def test_nothing_counts_nothing():
    assert count([], {}, has_asserter=False).origin_of == ()
