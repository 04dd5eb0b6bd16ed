"""Suspected disputes on the desk: the front page, the queue's page, what one makes of them, and a claim's own page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.suspecting import suspect
from claims.admin.queues import Asked, queue_of
from claims.models import Claim, Dispute, LifeBound, ScopeTerm, Suspicion
from tests import building as build
from tests.claims.admin.conftest import logged_in, staff
from tests.roles import member

PAGE = "/admin/suspicions/"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def pair(db: None) -> tuple[Claim, Claim]:
    """The club paid five million, says the club; it paid seven, says nobody. Both are published."""
    club = build.an_entity("ajax")
    fee = build.a_property("fee", labels={"en": "transfer fee"})
    one = build.a_claim(
        ref="c10000000a", subject=club, property=fee, value=build.euros("5000000"), asserted_by=club
    )
    about = build.euros("7000000", comparator="approx")
    other = build.a_claim(ref="c20000000a", subject=club, property=fee, value=about)
    suspect(build.published(one, other))
    return one, other


def waiting(user: User) -> list[str]:
    queue = queue_of("suspected")
    assert queue is not None
    return [item.more for item in queue.items(Asked(user, timezone.now()), 10)]


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What the browser would send of the dispute's form as it came."""
    form, members = page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset
    data = {f"{name}__en": form.initial[name]["en"] for name in ("question", "answer", "reason")}
    data |= {
        "slug": form.initial["slug"],
        "verdict": form.initial["verdict"],
        "next_state": "draft",
        "why": "",
    }
    prefix = members.prefix
    data |= {f"{prefix}-TOTAL_FORMS": len(members.forms), f"{prefix}-INITIAL_FORMS": 0}
    data |= {f"{prefix}-{n}-claim": one.initial["claim"] for n, one in enumerate(members.forms)}
    return data | changes


@pytest.mark.django_db
def test_it_waits_on_the_front_page_for_who_writes_disputes(pair: Any, editor: User) -> None:
    assert waiting(editor) == [str(Suspicion.objects.get().pk)]
    assert 'href="/admin/suspicions/"' in text(logged_in(editor), "/admin/")
    reader = staff("reader", "claims.view_dispute")
    assert "/admin/suspicions/" not in text(logged_in(reader), "/admin/")
    for method in ("get", "post"):
        assert getattr(logged_in(reader), method)(PAGE).status_code == 403


@pytest.mark.django_db
def test_a_row_shows_both_sides_and_a_reason_one_can_check(pair: Any, desk: Client) -> None:
    html = text(desk, PAGE)
    assert "€5 million" in html
    assert "about €7 million" in html
    assert "says Ajax" in html
    reason = "“€5 million” allows only €5 million, “about €7 million” allows €6.5 million to €7.5 million"
    assert f"{reason}: no amount is in both." in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("times", "words"),
    [({"valid_to": "2022-03-15"}, "until 15 March 2022"), ({"point_in_time": "2022-03~"}, "about March 2022"),
     ({"valid_from": "2021", "valid_to": "2022-03"}, "2021 to March 2022"), ({}, "")],
)  # fmt: skip
def test_a_side_says_in_words_when_it_holds(times: dict[str, str], words: str) -> None:
    assert build.a_claim(**times).when_words() == words


@pytest.mark.django_db
def test_a_row_says_when_the_desk_has_moved_on(pair: Any, desk: Client) -> None:
    assert "Changed on the desk since" not in text(desk, PAGE)
    one, _other = pair
    build.save_claim(build.draft_of(one, value=build.euros("6900000")), by=None, ref=one.ref)
    assert text(desk, PAGE).count("Changed on the desk since") == 1


@pytest.mark.django_db
def test_opening_a_dispute_begins_with_members_state_and_an_answer(
    pair: tuple[Claim, Claim], desk: Client, editor: User
) -> None:
    key = Suspicion.objects.get().pk
    address = f"/admin/claims/dispute/add/?suspicion={key}"
    assert address in desk.get(PAGE).content.decode()
    page = desk.get(address)
    form = page.context["adminform"].form
    assert form.initial["question"] == {"en": "Transfer fee of Ajax: which is right?"}
    assert form.initial["answer"] == {"en": "Either €5 million (says Ajax) or about €7 million."}
    assert form.initial["verdict"] == "contested"
    assert form.initial["reason"]["en"].endswith("no amount is in both.")
    members = page.context["inline_admin_formsets"][0].formset
    assert {one.initial["claim"] for one in members.forms} == {one.pk for one in pair}
    answer = desk.post(address, sent(page))
    assert answer.status_code == 302, answer.content.decode()
    dispute = Dispute.objects.get()
    assert {one.claim for one in dispute.members.all()} == set(pair)
    suspicion = Suspicion.objects.get()
    assert (suspicion.outcome, suspicion.dispute, suspicion.closed_by) == ("opened", dispute, editor)
    assert waiting(editor) == []


@pytest.mark.django_db
def test_the_other_claim_joins_the_dispute_that_one_of_them_is_in(
    pair: tuple[Claim, Claim], desk: Client
) -> None:
    one, other = pair
    dispute = build.a_dispute(one, slug="how-much")
    join = f"/admin/claims/dispute/{dispute.pk}/change/?claims={one.ref}%2C{other.ref}"
    key = Suspicion.objects.get().pk
    for address in (
        PAGE,
        f"/admin/claims/claim/{one.pk}/change/",
        f"/admin/claims/dispute/add/?suspicion={key}",
    ):
        html = text(desk, address)
        assert "One of them is in a dispute already:" in html
        assert f'<a href="{join}">Add the other claim to it…</a>' in html
    page = desk.get(join)
    assert "1 claim stands below as a new member." in " ".join(page.content.decode().split())
    members = page.context["inline_admin_formsets"][0].formset
    assert [row.initial["claim"] for row in members.forms] == [one.pk, other.pk]
    data = {
        "slug": dispute.slug,
        "question__en": "How much?",
        "verdict": "contested",
        "version": dispute.version,
    }
    data |= {"next_state": "draft", "members-TOTAL_FORMS": 2, "members-INITIAL_FORMS": 0}
    data |= {f"members-{n}-claim": row.initial["claim"] for n, row in enumerate(members.forms)}
    answer = desk.post(join, data)
    assert answer.status_code == 302, answer.content.decode()
    assert {member.claim for member in dispute.members.all()} == set(pair)
    assert Suspicion.objects.get().outcome == "opened"
    assert "stands below" not in text(desk, join)  # they are members now


@pytest.mark.django_db
def test_a_pair_that_is_in_a_dispute_is_not_put_into_a_second(
    pair: tuple[Claim, Claim], desk: Client
) -> None:
    one, other = pair
    add = f"/admin/claims/dispute/add/?claims={one.ref},{other.ref}"
    begun = desk.get(add)
    dispute = build.a_dispute(one, other, slug="how-much")
    link = f'<a href="/admin/claims/dispute/{dispute.pk}/change/">'
    html = text(desk, f"/admin/claims/claim/{one.pk}/change/")
    assert f"They are in a dispute already: {link}" in html
    assert "Open a dispute…" not in html
    assert f"They are in a dispute already: {link}" in text(desk, add)
    answer = desk.post(add, sent(begun))
    assert answer.status_code == 200
    assert (
        f"All its claims are in one dispute already; change that one, or add another claim here: {link}"
        in (answer.content.decode())
    )
    assert Dispute.objects.count() == 1
    third = build.a_claim(subject=one.subject, property=one.property, value=build.euros("9000000"))
    wider = sent(begun) | {"members-TOTAL_FORMS": 3, "members-2-claim": third.pk}
    assert desk.post(add, wider).status_code == 302


@pytest.mark.django_db
def test_no_dispute_needs_a_reason_and_an_editor(pair: Any, desk: Client, editor: User) -> None:
    key = Suspicion.objects.get().pk
    writer = logged_in(member("contributor", "writer"))
    assert "Not a dispute" not in text(writer, PAGE)
    for client, why in ((desk, " "), (writer, "Two transfers.")):
        answer = client.post(PAGE, {"suspicion": key, "why": why})
        assert answer.status_code == 409
        assert Suspicion.objects.get().outcome == "open"
    answer = desk.post(PAGE, {"suspicion": key, "why": "Two transfers."}, follow=True)
    assert "Noted: no dispute." in answer.content.decode()
    assert Suspicion.objects.get().why == "Two transfers."
    assert waiting(editor) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [f"{PAGE}?after=x", f"{PAGE}?after=99", "/admin/claims/dispute/add/?suspicion=99",
     "/admin/claims/dispute/add/?suspicion=x", "/admin/claims/dispute/add/?claims=c1",
     "/admin/claims/dispute/add/?claims=c0000000aa,c0000000ab"],
)  # fmt: skip
def test_what_is_not_there_is_a_404(address: str, desk: Client) -> None:
    assert desk.get(address).status_code == 404


@pytest.mark.django_db
def test_the_page_goes_on_by_key_and_takes_the_same_queries(
    pair: tuple[Claim, Claim], desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.admin.suspicions.SIZE", 1)
    counts = []
    for amount in (None, "11000000", "13000000"):
        if amount:
            more = build.a_claim(
                subject=pair[0].subject, property=pair[0].property, value=build.euros(amount)
            )
            suspect(build.published(more))
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    seen, address = [], PAGE
    while address:
        page = desk.get(address)
        seen += [row.suspicion.pk for row in page.context["rows"]]
        address = page.context["next_url"]
    assert sorted(seen) == list(Suspicion.objects.order_by("pk").values_list("pk", flat=True))
    assert len(seen) == 6


@pytest.mark.django_db
def test_a_claim_says_how_it_stands_to_others_and_where_the_scope_differs(desk: Client) -> None:
    tax = build.a_dimension("tax", terms=("before", "after"))
    club, fee = build.an_entity("ajax"), build.a_property("fee", labels={"en": "transfer fee"})
    one, other = (
        build.a_claim(
            subject=club, property=fee, value=build.euros(amount), scope=[ScopeTerm.objects.get(slug=term)]
        )
        for amount, term in (("5000000", "before"), ("7000000", "after"))
    )
    html = text(desk, f"/admin/claims/claim/{one.pk}/change/")
    assert "They answer different questions. Tax: before, against after." in html
    page = desk.get(f"/admin/claims/dispute/add/?claims={one.ref},{other.ref}")
    form = page.context["adminform"].form
    assert form.initial["verdict"] == "different-scope"
    assert form.initial["answer"] == {
        "en": "Both can hold: €5 million, and €7 million. Tax: before, against after."
    }
    assert tax.terms.count() == 2


@pytest.mark.django_db
def test_beginnings_and_ends_are_for_editors(desk: Client, editor: User) -> None:
    day, fee = build.a_property("founded", data_type="time"), build.a_property("fee")
    add = "/admin/claims/lifebound/add/"
    assert logged_in(member("contributor", "writer")).get(add).status_code == 403
    assert (
        "Only a property whose value is a time"
        in desk.post(add, {"property": fee.pk, "bound": "begins"}).content.decode()
    )
    assert desk.post(add, {"property": day.pk, "bound": "begins"}).status_code == 302
    assert (LifeBound.objects.get().property, LifeBound.objects.get().set_by) == (day, editor)
    assert "begins it" in text(desk, "/admin/claims/lifebound/")
