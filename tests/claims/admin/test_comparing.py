"""Compare: the desk with what readers have, any two editions or versions; in words, in a fixed number of queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import save_claim
from claims.actions.reviews import submit
from claims.actions.vocabulary import DimensionDraft, TermDraft, save_dimension
from claims.actions.withdrawals import withdraw
from claims.models import Claim
from claims.sidebyside import marked
from companies.actions import NameDraft
from kb.models import Root
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff
from tests.claims.admin.test_saving import everything


def compared(client: Client, root: Root, **sides: str) -> str:
    answer = client.get(f"/admin/compare/{root.ref}/", sides)
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def resave(story: Story, by: User | None = None, **changes: Any) -> Claim:
    draft = build.draft_of(story.claim, **changes)
    return save_claim(draft, by=by, ref=story.claim.ref, why="looked again")


def test_the_desk_is_compared_with_what_readers_have_in_words(desk: Client, story: Story) -> None:
    resave(
        story, value=build.euros("3000000", comparator="gt"), point_in_time="2023-06?", asserted_by=None,
        note={"bn": "সতর্কতা"},
    )  # fmt: skip
    html = compared(desk, story.claim)
    assert "€1 million" in words(html)
    assert "more than €3" in words(html)
    assert "about May 2023 (2023-05~)" in words(html)
    assert "June 2023 (uncertain) (2023-06?)" in words(html)
    assert "<del>Deep Sea</del>" in html  # who asserted it, by name
    assert 'lang="bn"' in html
    assert story.entity.ref not in words(html)
    assert "3000000" not in words(html)


def test_changed_words_of_a_quote_are_marked(desk: Client, story: Story) -> None:
    draft = build.draft_of(story.claim)
    first, second = draft.evidence
    assert first.quote is not None
    other = build.a_quote(first.quote.snapshot, "Die Ablöse betrug 6 মিলিয়ন ডলার, sagt", "betrug 6 মিলিয়ন ডলার")
    changed = build.some_evidence(first.source, quote=other, original_value="6 মিলিয়ন ডলার")
    resave(story, evidence=[changed, second])
    html = compared(desk, story.claim)
    assert "<ins>“betrug 6</ins> মিলিয়ন ডলার”" in html
    assert "<del>“6</del> মিলিয়ন ডলার”" in html
    assert "1 unchanged" in words(html)  # the other piece of evidence


def test_marks_are_around_words_and_everything_is_escaped() -> None:
    old, new = marked("a <b> cost of 5 million", "a <b> cost of 6 million")
    assert (str(old), str(new)) == (
        "a &lt;b&gt; cost of <del>5</del> million", "a &lt;b&gt; cost of <ins>6</ins> million",
    )  # fmt: skip
    assert [str(one) for one in marked("成本六百万", "成本五百万")] == [
        "成本<del>六</del>百万",
        "成本<ins>五</ins>百万",
    ]
    assert [str(one) for one in marked("one thing", "quite another")] == [
        "<del>one thing</del>", "<ins>quite another</ins>",
    ]  # fmt: skip
    assert [str(one) for one in marked("", "<i>")] == ["", "<ins>&lt;i&gt;</ins>"]


def test_two_editions_and_two_versions_are_compared(
    desk: Client, editor: User, colleague: User, story: Story
) -> None:
    mine = resave(story, by=editor, value=build.euros("2000000"))
    build.published(mine)
    theirs = resave(story, by=colleague, value=build.euros("4000000"))
    build.published(theirs)
    page = words(compared(desk, story.claim, a="e1", b="e2"))
    assert "€1 million" in page
    assert "€2 million" in page
    assert "€4 million" not in page.split("Field")[1]
    html = compared(desk, story.claim, a=f"v{mine.version}", b=f"v{theirs.version}")
    assert "<del>€2</del>" in html
    assert "<ins>€4</ins>" in html
    assert "colleague" in words(html)
    assert "My last version with a colleague&#x27;s" in html
    assert "back-to" in html


def test_what_is_the_same_is_folded(desk: Client, story: Story) -> None:
    html = compared(desk, story.claim)
    assert "No difference" in html
    assert "<details" in html
    assert "transfer fee" in html.split("<details")[1]


def test_a_thing_never_published_is_all_new(desk: Client, story: Story) -> None:
    club = build.an_entity("fresh-club", kind="company")
    html = compared(desk, club)
    assert "nothing before this version" in html
    assert "Fresh-Club" in words(html)
    assert "added" not in words(html).split("nothing before")[1]  # nothing has to say so of each part
    assert "<ins>fresh-club</ins>" in html  # the slug


def test_a_submission_is_no_change_to_compare_with(desk: Client, editor: User, story: Story) -> None:
    claim = build.a_claim(by=editor)
    submit(claim, by=editor, expect=claim.version)
    assert "nothing before this version" in compared(desk, claim)
    changed = save_claim(build.draft_of(claim, value=build.euros("2000000")), by=editor, ref=claim.ref)
    submit(changed, by=editor, expect=changed.version)
    html = compared(desk, claim)
    assert "<del>€1</del>" in html
    assert "<ins>€2</ins>" in html


def test_withdrawn_says_so(desk: Client, editor: User, story: Story) -> None:
    withdraw([story.dispute], by=editor, note={"en": "wrong"})
    html = compared(desk, story.dispute, a="e1", b="e2")
    assert "it was withdrawn or removed" in html
    assert "How much?" in html


def test_every_kind_is_compared(desk: Client, story: Story) -> None:
    for root, _model in everything(story):
        assert root.body()
        assert "Compare" in compared(desk, root), root.KIND


def test_a_new_term_a_new_name_and_a_member_are_told_by_name(desk: Client, story: Story) -> None:
    build.an_entity(
        "the-club", ref=story.entity.ref, kind="company",
        names=[NameDraft(text="Deep Sea", language="en"), NameDraft(text="Biển Sâu", language="vi")],
    )  # fmt: skip
    page = words(compared(desk, story.entity))
    assert "added Biển Sâu" in page
    assert "removed ডিপসিক" in page
    assert "Vietnamese" in page


def test_terms_of_the_scope_are_called_by_their_titles(desk: Client, story: Story) -> None:
    terms = [
        TermDraft(slug="before-tax", labels={"en": "Hardware bought"}),
        TermDraft(slug="after-tax", labels={"en": "All the rent"}),
    ]
    tax = story.claim.scope.get().dimension
    save_dimension(
        DimensionDraft(slug=tax.slug, labels={"en": "What it covers"}, terms=terms), by=None, ref=tax.ref
    )
    now = list(resave(story, scope=[tax.terms.get(slug="after-tax")]).scope.all())
    assert [one.term.slug for one in now] == ["after-tax"]
    compare, back = (
        words(desk.get(path).content.decode())
        for path in (f"/admin/compare/{story.claim.ref}/", f"/admin/compare/{story.claim.ref}/back-to/1/")
    )
    for page in (compare, back):
        assert "What it covers" in page
        assert "Hardware bought" in page
        assert "All the rent" in page
        assert "after-tax" not in page
    same = words(compared(desk, story.claim, a="desk", b="desk"))
    assert "What it covers: All the rent" in same


@pytest.mark.parametrize("sides", [{"a": "v99"}, {"b": "e99"}, {"a": "x"}, {"a": "published", "b": "v0"}])
def test_what_there_is_not_is_not_found(desk: Client, story: Story, sides: dict[str, str]) -> None:
    assert desk.get(f"/admin/compare/{story.claim.ref}/", sides).status_code == 404
    assert desk.get("/admin/compare/c0000000aa/").status_code == 404


def test_who_may_not_see_the_thing_may_not_compare_it(story: Story) -> None:
    looker = logged_in(staff("looker", "claims.view_source"))
    assert looker.get(f"/admin/compare/{story.source.ref}/").status_code == 200
    assert looker.get(f"/admin/compare/{story.claim.ref}/").status_code == 403
    assert Client().get(f"/admin/compare/{story.source.ref}/").status_code == 302


def test_comparing_takes_the_same_queries_however_long_the_body(desk: Client, story: Story) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            compared(desk, story.claim)
        return len(counted)

    def more() -> None:
        evidence = [*build.draft_of(story.claim).evidence, *(build.some_evidence() for _ in range(6))]
        resave(story, evidence=evidence, links=[("rounds", build.a_claim())])

    more()
    before = queries()
    more()
    assert queries() == before


def test_the_form_and_every_row_of_a_list_lead_there(desk: Client, story: Story) -> None:
    there = f"/admin/compare/{story.claim.ref}/"
    assert there in desk.get(f"/admin/claims/claim/{story.claim.pk}/change/").content.decode()
    assert there in desk.get("/admin/claims/claim/").content.decode()


def test_every_version_and_edition_has_an_address_however_old(
    desk: Client, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.admin.comparing.MOST_SIDES", 2)
    for amount in ("2000000", "3000000", "4000000"):
        build.published(resave(story, value=build.euros(amount)))
    for pair in (("v1", "desk"), ("e1", "e4")):
        page = desk.get(f"/admin/compare/{story.claim.ref}/", dict(zip("ab", pair, strict=True)))
        assert page.status_code == 200
        assert "€1 million" in words(page.content.decode())
        assert f'<option value="{pair[0]}" selected>' in page.content.decode()
        sides = page.context["sides"]
        assert len(sides.versions) + len(sides.editions) == 2 + 2 + 1
    assert desk.get(f"/admin/compare/{story.claim.ref}/", {"a": "v99"}).status_code == 404
    assert desk.get(f"/admin/compare/{story.claim.ref}/", {"a": "e2", "b": "e999999999"}).status_code == 404
