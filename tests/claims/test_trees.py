"""The family of a claim's evidence, as it is drawn."""

from __future__ import annotations

from itertools import pairwise

from claims.trees import DEEPEST, Copied, copied, grown, parents_of


def _evidence(
    source: str, *, figure_source: str = "", stance: str = "supports", drift: list[str] | None = None
):
    return {
        "source": {"ref": source, "origin": source},
        "figure_source": figure_source or None,
        "stance": stance,
        "original_value": f"as in {source}",
        "drift": drift or [],
    }


def _sources(*refs: str, **dates: str):
    return {
        ref: {"ref": ref, "title": ref, "published_on": {"earliest": dates[ref]} if ref in dates else None}
        for ref in refs
    }


def _shape(branches):
    return [(one.source["ref"], _shape(one.branches)) for one in branches]


def test_copies_hang_on_what_they_copied_and_a_source_nobody_quotes_stands_between():
    claim = {"evidence": [_evidence("copy"), _evidence("late"), _evidence("report")]}
    parents = {"copy": "between", "late": "between", "between": "report"}
    sources = _sources("copy", "late", "between", "report", copy="2025-04-12", late="2025-05-01")
    (tree,) = grown(claim, parents, sources)
    assert _shape([tree]) == [("report", [("between", [("copy", []), ("late", [])])])]
    (between,) = tree.branches
    assert (between.items, between.printed) == ((), [])
    assert between.branches[0].printed == ["as in copy"]


def test_each_origin_has_a_tree_of_its_own_the_largest_first():
    claim = {"evidence": [_evidence("alone"), _evidence("a"), _evidence("b")]}
    assert _shape(grown(claim, {"a": "o", "b": "o"}, _sources("alone", "a", "b", "o"))) == [
        ("o", [("a", []), ("b", [])]),
        ("alone", []),
    ]


def test_a_named_source_of_the_figure_goes_before_the_one_derived_from():
    claim = {
        "evidence": [_evidence("copy", figure_source="paper"), _evidence("paper", figure_source="paper")]
    }
    parents = parents_of(claim, {"copy": "article"})
    assert parents == {"copy": "paper"}
    assert _shape(grown(claim, parents, _sources("copy", "paper", "article"))) == [("paper", [("copy", [])])]


def test_a_circle_is_cut_and_loses_nobody():
    claim = {"evidence": [_evidence("a"), _evidence("b"), _evidence("c")]}
    (tree,) = grown(claim, {"a": "b", "b": "c", "c": "a"}, _sources("a", "b", "c"))
    assert _shape([tree]) == [("c", [("b", [("a", [])])])]


def test_what_is_not_published_any_more_is_left_out():
    claim = {"evidence": [_evidence("a")]}
    assert _shape(grown(claim, {"a": "gone"}, _sources("a"))) == [("a", [])]


def test_copies_that_changed_the_figure_are_counted_once_each():
    claim = {
        "evidence": [
            _evidence("a", drift=["digit-lost"]),
            _evidence("a", drift=["unit"]),
            _evidence("b"),
            _evidence("c", stance="mentions", drift=["scope"]),
            _evidence("o", drift=["scope"]),
        ]
    }
    assert copied(claim, {"a": "o", "b": "o", "c": "o"}) == Copied(copies=2, changed=1)


def test_a_long_chain_is_drawn_to_a_depth_and_the_rest_is_counted():
    refs = [f"s{number}" for number in range(400)]
    parents = dict(pairwise(refs))
    (tree,) = grown({"evidence": [_evidence("s0")]}, parents, _sources(*refs))
    depth, branch = 1, tree
    while branch.branches:
        depth, branch = depth + 1, branch.branches[0]
    assert (depth, branch.more) == (DEEPEST, 400 - DEEPEST)
