"""Every named constraint of the four apps, each with a row that the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from claims.ledger.models import Edition, Press, Record
from claims.models import (
    Approval,
    Byline,
    CaptureAttempt,
    ClaimLink,
    ClaimScope,
    Comment,
    Evidence,
    HalfLife,
    Inapplicable,
    Judgement,
    Kinship,
    LifeBound,
    Redaction,
    Report,
    Schedule,
    SkippedFigure,
    Snapshot,
    Source,
    SourceKey,
    Submission,
    SuggestedFigure,
    SuspectedClaim,
    Suspicion,
)
from companies.actions import IdentifierDraft, NameDraft
from companies.models import Identifier, Name
from kb.models import Preference, Presence, Revision
from tests.building import (
    NOON,
    a_claim,
    a_dimension,
    a_dispute,
    a_page,
    a_property,
    a_publisher,
    a_snapshot,
    a_source,
    a_timeline,
    an_entity,
    is_postgres,
    published,
)

APPS = ("kb", "companies", "claims", "ledger")
Refused = Callable[[], object]
EXAMPLES: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {}


def _change(constraint: str, make: Callable[[], Any], **values: Any) -> None:
    """The row that `make` gives, changed behind the model's back."""
    EXAMPLES[constraint] = make, lambda row: type(row)._base_manager.filter(pk=row.pk).update(**values)


def _twice(constraint: str, make: Callable[[], Any], **values: Any) -> None:
    """The row that `make` gives, inserted once more, differing by `values` where another rule would step in."""

    def insert(row: Any) -> object:
        copy = type(row)(
            **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        )
        copy.pk = None
        for key, value in values.items():
            setattr(copy, key, value)
        return type(row)._base_manager.bulk_create([copy])

    EXAMPLES[constraint] = make, insert


def _user() -> User:
    return User.objects.create_user(f"user-{User.objects.count()}")


def _name() -> Name:
    return an_entity().names.get()


def _alias() -> Name:
    return an_entity(names=[NameDraft(text="de Joden", language="nl", role="alias")]).names.get()


def _identifier() -> Identifier:
    return an_entity(
        identifiers=[IdentifierDraft(scheme="website", value="https://example.org")]
    ).identifiers.get()


def _linked() -> ClaimLink:
    return a_claim(links=[("rounds", a_claim())]).links.get()


def _scoped() -> ClaimScope:
    return a_claim(scope=[a_dimension().terms.first()]).scope.get()


def _snapshot() -> Snapshot:
    return a_source(snapshots=[a_snapshot("text")]).snapshots.get()


def _skipped() -> SkippedFigure:
    return SkippedFigure.objects.create(
        snapshot=_snapshot(), start=3, end=9, skipped_by=_user(), skipped_at=NOON
    )


def _suggested() -> SuggestedFigure:
    return SuggestedFigure.objects.create(
        snapshot=_snapshot(), start=3, end=9, printed="5 euro", found_at=NOON, subject=an_entity(),
        property=a_property(),
    )  # fmt: skip


def _submission() -> Submission:
    return Submission.objects.create(
        claim=a_claim(), partner=_user(), received_at=NOON, sent="{}", sha256="a" * 64
    )


def _presence() -> Presence:
    return Presence.objects.create(ref="c000000000", by=_user(), at=NOON)


def _judgement() -> Judgement:
    return Judgement.objects.create(first=an_entity(), second=an_entity(), verdict="unsure", judged_at=NOON)


def _suspicion(**values: Any) -> Suspicion:
    return Suspicion.objects.create(
        **({"key": "c1 c2", "relation": "contradictory", "rule": "apart", "found_at": NOON} | values)
    )


def _suspected() -> SuspectedClaim:
    return SuspectedClaim.objects.create(suspicion=_suspicion(), claim=a_claim())


def _report() -> Report:
    return Report.objects.create(ref="c1", edition=1, language="en", message="x", sender="0" * 64, at=NOON)


def _kinship(**values: Any) -> Kinship:
    first, second = a_source(), a_source()
    given = {
        "verdict": "unsure",
        "score": 0.5,
        "found_at": NOON,
        "first_text": "0" * 64,
        "second_text": "1" * 64,
    }
    return Kinship.objects.create(first=first, second=second, **(given | values))


def _attempt(**values: Any) -> CaptureAttempt:
    return CaptureAttempt.objects.create(source=a_source(), at=NOON, **({"outcome": "dead"} | values))


def _evidence() -> Evidence:
    return a_claim().evidence.get()


def _copy() -> Source:
    return a_source(derived_from=a_source())


def _redaction() -> Redaction:
    user = _user()
    return Redaction.objects.create(
        kind="claim", ref="c0abcdefgh", category="copyright", requested_by=user, requested_at=NOON
    )


def _confirmed() -> Redaction:
    redaction = _redaction()
    redaction.confirmed_by, redaction.confirmed_at = _user(), NOON
    redaction.save()
    return redaction


def _approval() -> Approval:
    return Approval.objects.create(
        kind="claim",
        ref="c0abcdefgh",
        version=1,
        body_sha256="0" * 64,
        approved_by=_user(),
        approved_at=timezone.now(),
    )


def _inapplicable() -> Inapplicable:
    return Inapplicable.objects.create(
        entity=an_entity(), property=a_property(),
        why="It is a tower.", judged_at=NOON, judged_by=_user(),
    )  # fmt: skip


def _comment() -> Comment:
    return Comment.objects.create(
        kind="claim", ref="c0abcdefgh", version=1, text="No.", decision="reject", by=_user(), at=NOON
    )


def _schedule(**values: Any) -> Schedule:
    times = {"publish_at": NOON, "scheduled_at": NOON, "next_try_at": NOON}
    return Schedule.objects.create(reason="new", scheduled_by=_user(), **(times | values))


def _closed_schedule() -> Schedule:
    return _schedule(outcome="published", edition=1, closed_at=NOON)


def _edition() -> Edition:
    return published(an_entity())


def _record() -> Record:
    published(an_entity())
    return Record.objects.get()


def _revision() -> Revision:
    an_entity()
    return Revision.objects.get()


def _press() -> Press:
    published(an_entity())
    return Press.objects.get()


_twice("kb_revision_version_once", _revision)
_change("kb_revision_version_from_one", _revision, version=0)

_change("companies_entity_kind_known", an_entity, kind="planet")
_change("companies_entity_not_merged_into_itself", an_entity, merged_into=models.F("id"))
_twice("companies_name_once", _alias)
_twice("companies_name_one_label_a_language", _name, text="Another label")
_change("companies_name_role_known", _name, role="nickname")
_change("companies_name_not_empty", _name, text="")
_twice("companies_identifier_once", _identifier)
_change("companies_identifier_not_empty", _identifier, value="")

_change("claims_scopedimension_slug_not_empty", a_dimension, slug="")
_twice("claims_scopeterm_slug_once_a_dimension", lambda: a_dimension().terms.first())
_change("claims_property_data_type_known", a_property, data_type="colour", unit_dimension="")
_change("claims_property_amounts_have_a_unit_dimension", a_property, unit_dimension="")
_change("claims_publisher_name_not_empty", a_publisher, name="")
_change("claims_publisher_grade_is_dated", a_publisher, reliability="B")
_change("claims_source_title_not_empty", a_source, title="")
_change("claims_source_type_known", a_source, source_type="rumour")
_change("claims_source_derivation_with_origin", _copy, derivation="")
_change("claims_source_not_from_itself", _copy, derived_from=models.F("id"))
_twice(
    "claims_sourceidentifier_once",
    lambda: a_source(identifiers=[("doi", "10.1000/1")]).identifiers.get(),
)
_twice("claims_snapshot_once_a_source", _snapshot)
_change("claims_snapshot_hashes_are_sha256", _snapshot, text_sha256="A" * 64)

_change("claims_captureattempt_outcome_known", _attempt, outcome="lost")
EXAMPLES["claims_captureattempt_resolved_by_and_at"] = (
    _attempt,
    lambda one: CaptureAttempt.objects.filter(pk=one.pk).update(resolved_by=_user()),
)
_change(
    "claims_captureattempt_only_stale_ones_are_resolved",
    lambda: _attempt(outcome="unchanged"),
    resolved_at=NOON,
)

_twice("claims_skippedfigure_once", _skipped)
_change("claims_skippedfigure_end_after_start", _skipped, end=3)

_twice("kb_presence_once", _presence)

_change("claims_judgement_verdict_known", _judgement, verdict="perhaps")
_change("claims_judgement_of_two", _judgement, second=models.F("first"))

_change("claims_claim_value_kind_known", a_claim, value_kind="guess", amount="", comparator="", unit="")
_change("claims_claim_no_value_unless_known", a_claim, value_kind="undisclosed")
_change("claims_claim_one_value", a_claim, value_time="2023")
_change("claims_claim_amount_with_comparator_and_unit", a_claim, unit="")
_change("claims_claim_upper_amount_with_range", a_claim, comparator="range")
_change("claims_claim_rank_has_a_reason", a_claim, rank="deprecated")
_change("claims_claim_at_a_point_or_over_a_span", a_claim, point_in_time="2023", valid_to="2024")
_twice("claims_claimscope_one_term_a_dimension", _scoped)
_twice("claims_claimlink_once", _linked)
_change("claims_claimlink_not_to_itself", _linked, target=models.F("claim"))
_change("claims_evidence_stance_known", _evidence, stance="doubts")
_change("claims_evidence_quote_is_pinned", _evidence, exact="words without a place")
_change("claims_evidence_quote_or_locator", _evidence, locator="")
_change("claims_dispute_asks_something", lambda: a_dispute(), question={})
_change("claims_dispute_verdict_has_a_reason", lambda: a_dispute(), verdict="settled")
_twice("claims_disputemember_once", lambda: a_dispute(a_claim()).members.get())
_change("claims_timeline_has_a_title", lambda: a_timeline(), title={})
_change(
    "claims_timelineera_is_named_and_dated",
    lambda: a_timeline(eras=[({"en": "Then"}, "2023")]).eras.get(),
    time="",
)
_change("claims_page_has_a_title_and_a_text", lambda: a_page(), text={})
_change(
    "claims_byline_not_empty",
    lambda: Byline.objects.create(user=_user(), public_name="Rahim"),
    public_name="",
)
_change(
    "kb_preference_says_both",
    lambda: Preference.objects.create(user=_user(), language="bn", time_zone="Asia/Dhaka"),
    time_zone="",
)
_twice("claims_suggestedfigure_once", _suggested)
_change("claims_suggestedfigure_end_after_start", _suggested, end=3)
_change("claims_suggestedfigure_printed_not_empty", _suggested, printed="")
EXAMPLES["claims_submission_sent_once"] = (
    _submission,
    lambda row: Submission.objects.create(
        claim=a_claim(), partner=row.partner, received_at=NOON, sent="{}", sha256=row.sha256
    ),
)
_twice("claims_approval_once_a_person", _approval)
_twice("claims_inapplicable_once", _inapplicable)
_change("claims_inapplicable_has_a_reason", _inapplicable, why="")
_change("claims_redaction_confirmed_by_and_at", _redaction, confirmed_at=NOON)
_change("claims_redaction_by_two_people", _confirmed, confirmed_by=models.F("requested_by"))

_change("claims_comment_decision_says_why", _comment, text="")
_change(
    "claims_halflife_from_one_month",
    lambda: HalfLife.objects.create(property=a_property(), months=6, set_by=_user(), set_at=NOON),
    months=0,
)
_change("claims_suspicion_outcome_known", _suspicion, outcome="forgotten", closed_at=NOON)
_change("claims_suspicion_closed_at_its_outcome", _suspicion, outcome="lapsed")
EXAMPLES["claims_suspicion_closed_by_and_at"] = (
    _suspicion,
    lambda one: Suspicion.objects.filter(pk=one.pk).update(closed_by=_user()),
)
_change("claims_suspicion_dismissed_says_why", _suspicion, outcome="dismissed", closed_at=NOON)
_change("claims_suspicion_opened_as_a_dispute", _suspicion, outcome="opened", closed_at=NOON)
_twice("claims_suspectedclaim_once", _suspected)
_change("claims_report_says_something", _report, message="")
_change("claims_report_closed_by_somebody", _report, outcome="spam")
_twice("claims_kinship_once", _kinship)
_twice("claims_sourcekey_once", lambda: SourceKey.objects.create(source=a_source(), hash=7))
EXAMPLES["claims_kinship_in_order"] = (
    _kinship,
    lambda one: Kinship.objects.filter(pk=one.pk).update(first=one.second, second=one.first),
)
_change("claims_kinship_verdict_known", _kinship, verdict="copied")
_change("claims_kinship_copy_known", _kinship, copy="third")
_change("claims_kinship_judged_known", _kinship, judged="settled", judged_at=NOON)
_change("claims_kinship_judged_at_its_judgement", _kinship, judged="unsure")
EXAMPLES["claims_kinship_judged_by_and_at"] = (
    _kinship,
    lambda one: Kinship.objects.filter(pk=one.pk).update(judged_by=_user()),
)
_change("claims_kinship_rejected_says_why", _kinship, judged="rejected", judged_at=NOON)
_change(
    "claims_lifebound_known",
    lambda: LifeBound.objects.create(property=a_property(), bound="begins", set_by=_user(), set_at=NOON),
    bound="halves",
)
_change("claims_schedule_closed_at_its_outcome", _schedule, outcome="canceled")
_change("claims_schedule_published_in_an_edition", _closed_schedule, edition=None)
EXAMPLES["claims_schedule_closed_by_and_at"] = (
    _schedule,
    lambda one: Schedule.objects.filter(pk=one.pk).update(closed_by=_user()),
)
_twice(
    "claims_scheduledthing_once",
    lambda: _schedule().things.create(kind="claim", ref="c0abcdefgh", body_sha256="0" * 64),
)

EXAMPLES["ledger_press_single_row"] = _press, lambda _: Press.objects.bulk_create([Press(pk=2)])
EXAMPLES["ledger_edition_from_one"] = _edition, lambda one: Edition.objects.filter(pk=one.pk).update(number=0)
EXAMPLES["ledger_edition_one_successor"] = (
    _edition,
    lambda one: Edition.objects.bulk_create(
        [
            Edition(
                number=2,
                at=one.at,
                by="",
                reason="new",
                review="import",
                note="{}",
                previous_hash="",
                hash="x",
            )
        ]
    ),
)
_change("ledger_edition_corrections_say_why", _edition, reason="correction")
_twice("ledger_record_once_an_edition", _record, edition_to=2)
_twice("ledger_record_one_open", _record, edition_from=2)
_change("ledger_record_window", _record, edition_to=1)
_change("ledger_record_empty_only_if_redacted", _record, body="")


def _constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    return {
        constraint.name: (model, constraint)
        for label in APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not model._meta.proxy
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_an_example_and_every_example_a_constraint():
    assert set(EXAMPLES) == set(_constraints())


def test_every_constraint_is_named_for_its_app_and_model():
    for name, (model, _) in _constraints().items():
        assert name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_") or model is Source, name


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_database_itself_refuses(name):
    make, violate = EXAMPLES[name]
    row = make()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        violate(row)
    assert _names(str(refusal.value), *_constraints()[name])


def _names(message: str, model: type[models.Model], constraint: models.BaseConstraint) -> bool:
    """Whether the refusal is this constraint's, not another's. SQLite names columns for some unique ones."""
    if isinstance(constraint, models.UniqueConstraint) and not is_postgres():
        columns = [one.column for one in model._meta.concrete_fields if one.name in constraint.fields]
        table = model._meta.db_table
        return constraint.name in message or message.endswith(", ".join(f"{table}.{one}" for one in columns))
    return constraint.name in message
