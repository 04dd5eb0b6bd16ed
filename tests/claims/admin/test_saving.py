"""Saving goes through one action: what comes back unchanged writes nothing, what is stale is refused and kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from claims.actions.claims import save_claim
from claims.models import Claim, Dispute, Property, Publisher, ScopeDimension, Source, Timeline
from companies.actions import NameDraft
from companies.models import Company, Entity
from kb.models import Revision, Root
from tests import building as build
from tests.claims.admin.conftest import TEXT, Story
from tests.claims.admin.reading_forms import fields


def opened(desk: Client, root: Root, model: str = "") -> tuple[str, dict[str, Any]]:
    """The address of a root's form, and what a browser would post from it."""
    name = model or root._meta.model_name
    url = f"/admin/{root._meta.app_label}/{name}/{root.pk}/change/"
    data = fields(desk.get(url), f"{name}_form")
    assert data["version"] == str(root.version)
    return url, data


def everything(story: Story) -> list[tuple[Root, str]]:
    claim = story.claim
    return [
        (story.entity, "company"),
        (claim, ""),
        (story.source, ""),
        (story.dispute, ""),
        (story.timeline, ""),
        (claim.property, ""),
        (ScopeDimension.objects.get(), ""),
        (Publisher.objects.get(), ""),
    ]


def test_saving_a_form_untouched_writes_nothing(desk: Client, story: Story) -> None:
    for root, model in everything(story):
        url, data = opened(desk, root, model)
        before, revisions = root.body_sha256(), Revision.objects.count()
        answer = desk.post(url, data, follow=True)
        assert "Nothing had changed" in answer.content.decode(), root.KIND
        assert type(root)._default_manager.get(pk=root.pk).body_sha256() == before
        assert Revision.objects.count() == revisions
    assert type(story.claim).objects.get(pk=story.claim.pk).state == "approved"


def test_a_changed_claim_is_saved_by_its_action_and_logged(desk: Client, editor: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    data |= {"amount": "2000000", "why": "the club said so", "evidence-1-DELETE": "on", "note__bn": "সতর্কতা"}
    assert desk.post(url, data).status_code == 302
    claim = Claim.objects.get(pk=story.claim.pk)
    assert (claim.amount, claim.note, claim.state, claim.evidence.count()) == (
        "2000000", {"bn": "সতর্কতা"}, "draft", 1,
    )  # fmt: skip
    assert claim.body()["evidence"][0] == story.claim.body()["evidence"][0]
    revision = Revision.objects.filter(ref=claim.ref).latest("version")
    assert (revision.by, revision.why, revision.version) == (editor, "the club said so", claim.version)
    message = LogEntry.objects.get().get_change_message()
    assert all(part in message for part in ("evidence", "note", "value"))
    assert "subject" not in message


def test_what_is_incomplete_is_not_saved_into_review_and_kept_in_the_form(desk: Client, story: Story) -> None:
    claim = build.a_claim(subject=story.entity, property=story.claim.property, evidence=[])
    url, data = opened(desk, claim)
    data |= {"note__en": "What I wrote for an hour", "next_state": "in-review"}
    answer = desk.post(url, data)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "it cannot go to review yet" in html
    assert "it has no evidence" in html
    assert fields(answer, "claim_form")["note__en"] == "What I wrote for an hour"
    assert Claim.objects.get(pk=claim.pk).version == claim.version
    assert desk.post(url, data | {"next_state": "draft"}).status_code == 302


def test_evidence_without_a_quote_is_called_by_its_source_also_when_it_comes_back(
    desk: Client, story: Story
) -> None:
    source = build.a_source(title="The annual report")
    claim = build.a_claim(evidence=[build.some_evidence(source)])
    url, data = opened(desk, claim)
    assert "supports: The annual report</span>" in desk.get(url).content.decode()
    answer = desk.post(url, data | {"point_in_time": "no date at all"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert '<span class="inline_label">The annual report</span>' in html


def test_a_company_is_added_with_its_names(desk: Client, story: Story) -> None:
    data = fields(desk.get("/admin/companies/company/add/"), "company_form") | {
        "slug": "new-club",
        "names-TOTAL_FORMS": "2",
        "names-0-text": "New Club",
        "names-0-language": "en",
        "names-0-role": "label",
        "names-1-text": "নতুন ক্লাব",
        "names-1-language": "bn",
        "names-1-role": "label",
        "description__hi": "एक क्लब",
    }
    assert desk.post("/admin/companies/company/add/", data).status_code == 302
    company = Company.objects.get(slug="new-club")
    assert (company.kind, company.version, company.state) == ("company", 1, "draft")
    assert [name.text for name in company.names.all()] == ["New Club", "নতুন ক্লাব"]
    assert company.description == {"hi": "एक क्लब"}
    assert LogEntry.objects.get().object_id == str(company.pk)


def test_other_languages_come_through_a_form_untouched(desk: Client, story: Story) -> None:
    url, data = opened(desk, story.entity, "company")
    assert data["description__de"] == "Ein Verein."
    desk.post(url, data | {"description__en": "An old club."})
    assert Entity.objects.get(pk=story.entity.pk).description == {"en": "An old club.", "de": "Ein Verein."}


def test_a_stale_save_is_refused_and_the_text_kept(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    draft = build.draft_of(story.claim, value=build.euros("3000000"))
    save_claim(draft, by=colleague, ref=story.claim.ref, expect=story.claim.version, why="theirs")
    answer = desk.post(url, data | {"note__en": "What I wrote for an hour", "evidence-0-note__vi": "của tôi"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Not saved: somebody was faster" in html
    assert "colleague" in html
    assert "theirs" in html
    assert "<ins>€3</ins>" in html
    kept = fields(answer, "claim_form")
    assert kept["note__en"] == "What I wrote for an hour"
    assert kept["evidence-0-note__vi"] == "của tôi"
    assert kept["version"] == str(story.claim.version)  # saving again is refused again
    assert desk.post(url, kept).status_code == 409
    claim = Claim.objects.get(pk=story.claim.pk)
    assert (claim.amount, claim.note) == ("3000000", {})
    assert not LogEntry.objects.exists()


def test_a_form_without_a_version_is_refused(desk: Client, story: Story) -> None:
    url, data = opened(desk, story.claim)
    del data["version"]
    answer = desk.post(url, data | {"amount": "7"})
    assert answer.status_code == 200
    assert "which version you read" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).amount == "1000000"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"unit": "kg"}, "amount", "kg is mass"),
        ({"amount": "12 parrots"}, "amount", "not understood"),
        ({"point_in_time": "03/04/2023"}, "point_in_time", "Write which"),
        ({"rank": "preferred"}, "", "say why this rank"),
        ({"value_kind": "unknown"}, "", "left empty"),
    ],
)
def test_a_refused_value_is_shown_on_its_field(
    changes: dict[str, str], field: str, says: str, desk: Client, story: Story
) -> None:
    url, data = opened(desk, story.claim)
    answer = desk.post(url, data | changes)
    errors = answer.context["adminform"].form.errors
    assert answer.status_code == 200
    assert any(says in line for line in errors[field or "__all__"])
    assert Claim.objects.get(pk=story.claim.pk).version == story.claim.version


def test_what_the_action_refuses_is_shown_on_the_child_at_fault(desk: Client, held: Story) -> None:
    url, data = opened(desk, held.claim)
    answer = desk.post(url, data | {"evidence-0-start": "3", "evidence-0-end": "17"})
    evidence = next(
        one.formset for one in answer.context["inline_admin_formsets"] if one.formset.prefix == "evidence"
    )
    assert "the text has" in evidence.forms[0].errors["exact"][0]
    assert not evidence.forms[1].errors
    assert "Please correct the error below" in answer.content.decode()


def test_names_at_fault_are_shown_on_their_row(desk: Client, story: Story) -> None:
    url, data = opened(desk, story.entity, "company")
    data |= {
        "names-TOTAL_FORMS": "4",
        "names-3-text": "Tiefsee",
        "names-3-language": "en",
        "names-3-role": "label",
    }
    answer = desk.post(url, data)
    names = next(
        one.formset for one in answer.context["inline_admin_formsets"] if one.formset.prefix == "names"
    )
    assert names.forms[3].errors
    assert Entity.objects.get(pk=story.entity.pk).names.count() == 3


def test_two_terms_of_one_dimension_are_refused(desk: Client, story: Story) -> None:
    url, data = opened(desk, story.claim)
    after = ScopeDimension.objects.get().terms.get(slug="after-tax")
    answer = desk.post(url, data | {"scope-TOTAL_FORMS": "2", "scope-1-term": str(after.pk)})
    assert "stands twice" in answer.content.decode()


def test_the_last_evidence_of_a_published_claim_stays(desk: Client, story: Story) -> None:
    url, data = opened(desk, story.claim)
    answer = desk.post(url, data | {"evidence-0-DELETE": "on", "evidence-1-DELETE": "on"})
    assert "withdraw it rather than leave it without evidence" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).evidence.count() == 2


def test_a_quote_is_pinned_to_where_its_words_stand(desk: Client, held: Story) -> None:
    url, data = opened(desk, held.claim)
    blank = {"evidence-0-start": "", "evidence-0-end": "", "evidence-0-snapshot": ""}
    twice = desk.post(url, data | blank)
    assert "stand in 2 places" in twice.content.decode()
    assert desk.post(url, data | blank | {"evidence-0-prefix": "hieß es: "}).status_code == 302
    quote = Claim.objects.get(pk=held.claim.pk).evidence.first()
    assert quote is not None
    assert quote.start == TEXT.rindex("6 মিলিয়ন")
    nowhere = desk.post(url, fields(desk.get(url), "claim_form") | blank | {"evidence-0-exact": "7 মিলিয়ন"})
    assert "do not stand in the text" in nowhere.content.decode()


def test_what_is_published_is_not_discarded(desk: Client, story: Story) -> None:
    url, data = opened(desk, story.claim)
    desk.post(url, data | {"amount": "2"})
    data = fields(desk.get(url), "claim_form")
    answer = desk.post(url, data | {"next_state": "discarded"})
    assert "withdraw it before" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).state == "draft"


def test_a_draft_goes_to_review(desk: Client, story: Story) -> None:
    claim = build.a_claim()
    url, data = opened(desk, claim)
    assert desk.post(url, data | {"next_state": "in-review"}).status_code == 302
    assert Claim.objects.get(pk=claim.pk).state == "in-review"
    assert "approved" not in desk.get(url).context["adminform"].form.fields["next_state"].choices


def test_every_other_root_is_saved_by_its_action(desk: Client, story: Story) -> None:
    changes: list[tuple[Root, str, dict[str, Any]]] = [
        (story.source, "note__en", {"note__en": "seen", "authors": "Ann\nBob"}),
        (story.dispute, "answer", {"answer__en": "six", "members-0-note__hi": "पहला"}),
        (story.timeline, "description", {"description__en": "one season"}),
        (
            Property.objects.get(),
            "sentence",
            {"sentence__en": "{subject} paid {value}", "subject_kinds": ["company"]},
        ),
        (ScopeDimension.objects.get(), "terms", {"terms-0-labels__bn": "কর"}),
        (Publisher.objects.get(), "grade", {"reliability": "B", "graded_on": "2024-05"}),
    ]
    for root, _what, given in changes:
        url, data = opened(desk, root)
        assert desk.post(url, data | given).status_code == 302, root.KIND
        assert type(root)._default_manager.get(pk=root.pk).version == root.version + 1
    source = Source.objects.get(pk=story.source.pk)
    assert source.authors == ["Ann", "Bob"]
    assert source.snapshots.count() == 1
    members = Dispute.objects.get().members.all()
    assert [member.note for member in members] == [{"hi": "पहला"}, {}]
    assert Timeline.objects.get().body()["rule"] == story.timeline.body()["rule"]
    assert Property.objects.get().subject_kinds == ["company"]
    assert ScopeDimension.objects.get().terms.get(position=0).labels["bn"] == "কর"


def test_a_forged_primary_key_moves_no_child(desk: Client, story: Story) -> None:
    other = build.a_claim()
    url, data = opened(desk, story.claim)
    theirs = other.evidence.get()
    desk.post(url, data | {"evidence-0-id": str(theirs.pk), "evidence-INITIAL_FORMS": "2", "amount": "5"})
    assert other.evidence.get().pk == theirs.pk
    assert Claim.objects.get(pk=story.claim.pk).evidence.count() == 2


def test_text_that_looks_like_markup_is_escaped(desk: Client, story: Story) -> None:
    build.an_entity("the-club", ref=story.entity.ref, kind="company", names=[
        NameDraft(text="<script>alert(1)</script>", language="en"),
    ])  # fmt: skip
    for url in (
        "/admin/companies/company/",
        f"/admin/companies/company/{story.entity.pk}/change/",
        "/admin/claims/claim/",
        f"/admin/claims/claim/{story.claim.pk}/change/",
        f"/admin/review/?ref={story.entity.ref}",
    ):
        assert "<script>alert(1)" not in desk.get(url).content.decode()
