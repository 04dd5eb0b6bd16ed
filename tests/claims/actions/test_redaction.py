"""What the law ordered removed is gone everywhere, stays gone, and the ledger still verifies."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from claims import press
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.actions.reports import take_in
from claims.dossiers.loading import load
from claims.ledger import verify
from claims.ledger.models import Reason, Record
from claims.ledger.printing import NotClosed, Redacted
from claims.models import Claim, Kinship, ReadText, Report, Source, SourceKey, SuggestedFigure, Suspicion
from kb.models import Revision, Root
from tests import building as build
from tests.conftest import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def redact(root: Root, editor: Any, colleague: Any) -> None:
    request = request_redaction(root, category="court-order", by=editor)
    confirm_redaction(request, by=colleague)


def lonely_claim() -> Claim:
    free = Claim.objects.filter(
        memberships=None, linked_by=None, pinned_to=None, evidence__source__slug="seed-000"
    )
    return next(claim for claim in free if Record.objects.filter(ref=claim.ref).exists())


def test_a_second_person_confirms(editor):
    request = request_redaction(lonely_claim(), category="court-order", by=editor)
    with pytest.raises(ValidationError):
        confirm_redaction(request, by=editor)


def test_nothing_of_a_redacted_claim_is_left_and_verify_counts_it(editor, colleague):
    claim = lonely_claim()
    words = claim.evidence.get(source__slug="seed-000").exact
    redact(claim, editor, colleague)
    assert list(verify.faults()) == []
    assert verify.redacted_count() == 1
    for kept in (Record.objects.filter(ref=claim.ref), Revision.objects.filter(ref=claim.ref)):
        assert not any(words in one.body for one in kept)
    assert not Claim.objects.get(ref=claim.ref).evidence.exists()


def test_a_redacted_claim_answers_gone_in_every_edition(client: Client, editor, colleague):
    claim = lonely_claim()
    redact(claim, editor, colleague)
    for query in ("", "?edition=1", "?labels=off"):
        assert client.get(f"/api/v1/claims/{claim.ref}/{query}").status_code == 410
        assert client.get(f"/claims/{claim.ref}/{query}").status_code == 200
    assert client.get("/api/v1/claims/?edition=1&page_size=100").status_code == 200


def test_a_redacted_source_is_blank_where_old_versions_still_name_it(client: Client, editor, colleague):
    source = Source.objects.get(slug="seed-002")
    with pytest.raises(NotClosed):
        redact(source, editor, colleague)
    resting = Claim.objects.filter(evidence__source=source) | Claim.objects.filter(
        evidence__figure_source=source
    )
    live = set(Record.objects.filter(op="added").values_list("ref", flat=True))
    gone = [claim for claim in resting.distinct() if claim.ref in live]
    holders = [
        *{member.dispute for claim in gone for member in claim.memberships.all()},
        *{line for claim in gone for line in claim.pinned_to.all() | claim.excluded_from.all()},
        *{link.claim for claim in gone for link in claim.linked_by.all()},
    ]
    wanted = {root.ref: root for root in [*gone, *holders]}
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "court order"}, withdraw=wanted.values())
    redact(source, editor, colleague)
    assert list(verify.faults()) == []
    for claim in gone:
        old = client.get(f"/api/v1/claims/{claim.ref}/?edition=1").json()
        assert "—" in {one["source"]["title"] for one in old["evidence"]}
        assert client.get(f"/claims/{claim.ref}/?edition=1").status_code == 200


def test_loading_the_dossier_again_does_not_bring_it_back(editor, colleague):
    claim = lonely_claim()
    redact(claim, editor, colleague)
    loaded = load(ROOT / "dossiers" / "deepseek", publish=True)
    assert loaded.edition is None
    assert [line for line in loaded.left_out if claim.ref in line]
    assert not Claim.objects.get(ref=claim.ref).evidence.exists()
    out = StringIO()
    call_command("load_dossier", str(ROOT / "dossiers" / "deepseek"), stdout=out)
    assert "redacted here" in out.getvalue()


def test_the_press_never_prints_it_again(editor, colleague):
    claim = lonely_claim()
    redact(claim, editor, colleague)
    claim = Claim.objects.get(ref=claim.ref)
    with pytest.raises((Redacted, press.NotPublishable)):
        press.publish([claim], by=None, reason=Reason.IMPORT)


def test_a_withdrawn_claim_is_not_published_again_by_loading(client: Client):
    claim = lonely_claim()
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "hoax"}, withdraw=[claim])
    loaded = load(ROOT / "dossiers" / "deepseek", publish=True)
    assert loaded.edition is None
    assert [line for line in loaded.left_out if claim.ref in line]
    assert client.get(f"/api/v1/claims/{claim.ref}/").status_code == 410


def test_what_the_desk_found_out_about_it_goes_with_it(editor, colleague):
    claim, source = lonely_claim(), build.a_source("lonely", snapshots=[build.a_snapshot("text")])
    build.published(source)
    secret = "the words that the law removes"
    other = build.a_source("other")
    Kinship.objects.create(
        first=min(source, other, key=lambda one: one.pk), second=max(source, other, key=lambda one: one.pk),
        verdict="unsure", score=0.5, why=[secret], found_at=build.NOON, first_text="0" * 64, second_text="1" * 64,
    )  # fmt: skip
    SourceKey.objects.create(source=source, hash=7)
    SuggestedFigure.objects.create(
        snapshot=source.snapshots.get(), start=0, end=5, printed=secret, found_at=build.NOON,
        subject=build.an_entity(), property=build.a_property(),
    )  # fmt: skip
    ReadText.objects.create(source=source, text_sha256="0" * 64, read_at=build.NOON)
    take_in(claim.ref, secret, edition=1, language="en", address="192.0.2.1", contact=secret)
    redact(claim, editor, colleague)
    redact(source, editor, colleague)
    assert not Kinship.objects.exists()
    assert not SourceKey.objects.filter(source=source).exists()
    assert not SuggestedFigure.objects.exists()
    assert not ReadText.objects.exists()
    assert not Suspicion.objects.filter(members__claim=claim).exists()
    report = Report.objects.get()
    assert (report.message, report.contact) == ("—", "")
