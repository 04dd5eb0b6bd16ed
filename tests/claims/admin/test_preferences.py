"""The desk in the language and time zone of whoever works at it; readers' pages stay as they are."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from claims.actions import schedules, talk
from claims.actions.approvals import approve
from claims.actions.mailing import mail_notices
from claims.actions.preferences import prefer
from claims.actions.reviews import request_changes, submit
from claims.admin.borrowed import COUNTED
from claims.ledger.models import Reason
from claims.models import Claim, Notice, Schedule
from claims.permissions import NotAllowed
from companies.actions import NameDraft
from kb.lib.zones import listed
from kb.models import Preference
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff

pytestmark = pytest.mark.django_db
OUT = {"en": "Log out", "bn": "প্রস্থান"}  # Django's own word on every page of the desk


@pytest.fixture
def bengali(editor: User) -> Preference:
    return prefer(by=editor, language="bn", time_zone="Asia/Dhaka")


@pytest.fixture
def fee(editor: User, colleague: User) -> Claim:
    """Approved by a colleague; what it rests on is published."""
    club = build.an_entity(
        "the-club", names=[NameDraft(text="The Club", language="en"), NameDraft(text="ক্লাবটি", language="bn")]
    )
    claim = build.a_claim(by=editor, subject=club)
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    approve(claim, by=colleague, expect=claim.version)
    return Claim.objects.get(pk=claim.pk)


# Choosing -------------------------------------------------------------------------------------------------


def test_the_page_offers_languages_zones_and_how_each_looks(desk: Client) -> None:
    page = desk.get("/admin/preferences/").content.decode()
    assert 'value="en"' in page
    assert "বাংলা" in page
    assert "১৬০ কোটি" in page or "১.৬" in page  # a figure, written in Bengali
    assert "$1.6 billion" in page
    assert '<option value="Asia/Dhaka">UTC+06:00</option>' in page
    assert '<a href="/admin/preferences/">' in desk.get("/admin/").content.decode()


def test_what_is_chosen_is_kept_and_holds_from_the_next_page_on(desk: Client, editor: User) -> None:
    answer = desk.post("/admin/preferences/", {"language": "bn", "time_zone": "dhaka"}, follow=True)
    kept = Preference.objects.get()
    assert (kept.user, kept.language, kept.time_zone) == (editor, "bn", "Asia/Dhaka")
    assert answer.redirect_chain == [("/admin/preferences/", 302)]
    assert OUT["bn"] in answer.content.decode()
    desk.post("/admin/preferences/", {"language": "vi", "time_zone": "UTC"})
    assert Preference.objects.get().language == "vi"


def test_looking_first_keeps_nothing(desk: Client) -> None:
    page = desk.post("/admin/preferences/", {"language": "bn", "time_zone": "Asia/Kathmandu", "look": "1"})
    assert "UTC+05:45" in page.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"time_zone": "Asia/Daka"}, "Asia/Dhaka"),
        ({"time_zone": "Atlantis"}, "Atlantis"),
        ({"time_zone": ""}, "errorlist"),
        ({"time_zone": "<b>"}, "&lt;b&gt;"),
        ({"time_zone": "../../etc/passwd"}, "passwd"),
        ({"time_zone": "x" * 61}, "errorlist"),
        ({"language": "de"}, "errorlist"),
        ({"language": ""}, "errorlist"),
    ],
)
def test_what_is_no_zone_or_language_is_refused(desk: Client, given: dict[str, str], said: str) -> None:
    answer = desk.post("/admin/preferences/", {"language": "bn", "time_zone": "UTC"} | given)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert said in answer.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"language": "de", "time_zone": "UTC"}, {"language": "", "time_zone": "UTC"},
        {"language": "bn", "time_zone": "Dhaka"}, {"language": "bn", "time_zone": ""},
        {"language": "bn", "time_zone": "Atlantis\x00"},
    ],
)  # fmt: skip
def test_the_action_refuses_it_too(given: dict[str, str], editor: User) -> None:
    with pytest.raises(ValidationError):
        prefer(by=editor, **given)
    assert not Preference.objects.exists()


def test_everybody_on_the_staff_chooses_their_own_and_only_that(db: None, bengali: Preference) -> None:
    helper = staff("helper")
    logged_in(helper).post(
        "/admin/preferences/", {"language": "hi", "time_zone": "Asia/Kolkata", "user": "1"}
    )
    assert Preference.objects.get(user=helper).language == "hi"
    root = logged_in(User.objects.create_superuser("root"))
    root.post(f"/admin/preferences/?user={bengali.user_id}", {"language": "vi", "time_zone": "UTC"})
    bengali.refresh_from_db()
    assert bengali.language == "bn"
    assert root.get("/admin/kb/preference/").status_code == 404


def test_who_is_not_on_the_staff_chooses_nothing(db: None) -> None:
    reader = User.objects.create_user("reader")
    with pytest.raises(NotAllowed):
        prefer(by=reader, language="bn", time_zone="UTC")
    answer = logged_in(reader).post("/admin/preferences/", {"language": "bn", "time_zone": "UTC"})
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert not Preference.objects.exists()


# The middleware -------------------------------------------------------------------------------------------


def test_the_desk_is_in_the_users_language_and_says_so(
    desk: Client, story: Story, bengali: Preference
) -> None:
    for address in (
        "/admin/",
        "/admin/claims/claim/",
        f"/admin/claims/claim/{story.claim.pk}/change/",
        "/admin/notices/",
    ):
        answer = desk.get(address)
        page = answer.content.decode()
        assert '<html lang="bn" dir="ltr"' in page, address
        assert OUT["bn"] in page, address
        assert answer["Content-Language"] == "bn", address


def test_readers_pages_in_the_same_process_stay_english_and_shared(
    desk: Client, story: Story, bengali: Preference
) -> None:
    alone = Client().get("/claims/")
    desk.get("/admin/")
    assert translation.get_language() != "bn"
    assert timezone.get_current_timezone_name() == "UTC"
    with CaptureQueriesContext(connection) as queries:
        page = desk.get("/claims/")
    assert not [one for one in queries if "session" in one["sql"] or "preference" in one["sql"]]
    assert page["Content-Language"] == "en"
    assert "Cookie" not in page.get("Vary", "")
    assert page.content == alone.content
    assert desk.get("/bn/claims/")["Content-Language"] == "bn"


def test_language_and_zone_are_put_back_even_after_a_failure(
    desk: Client, bengali: Preference, monkeypatch: Any
) -> None:
    def breaks(*_: object) -> None:
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("bn", "Asia/Dhaka")
        raise ZeroDivisionError

    monkeypatch.setattr("claims.admin.talk.Notice.objects.filter", breaks)
    desk.raise_request_exception = False
    assert desk.get("/admin/notices/").status_code == 500
    assert translation.get_language() != "bn"
    assert timezone.get_current_timezone_name() == "UTC"


def test_it_costs_one_query_a_page(desk: Client, editor: User) -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            desk.get("/admin/shortcuts/")
        return [one["sql"] for one in queries if "kb_preference" in one["sql"]]

    desk.get("/admin/")
    assert len(asked()) == 1
    prefer(by=editor, language="bn", time_zone="Asia/Dhaka")
    assert len(asked()) == 1


def test_before_the_login_nothing_is_known_and_nothing_asked(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/admin/login/", headers={"Accept-Language": "bn"})
    assert answer["Content-Language"] == "en"
    assert len(queries) == 0


def test_a_language_or_zone_that_is_no_longer_there_falls_back(desk: Client, bengali: Preference) -> None:
    Preference.objects.update(language="tlh", time_zone="Mars/Olympus")
    answer = desk.get("/admin/")
    assert answer.status_code == 200
    assert answer["Content-Language"] == "en"


def test_scripts_of_the_desk_speak_the_language_too(desk: Client, bengali: Preference) -> None:
    with translation.override("bn"):
        february, counted = translation.gettext("February"), translation.ngettext(*COUNTED[0], 2)
    assert february != "February"
    script = desk.get("/admin/jsi18n/").content.decode()
    catalog = json.loads(re.search(r"const newcatalog = (\{.*?\});", script, re.DOTALL)[1])
    assert catalog["February"] == february
    assert catalog[COUNTED[0][0]][1] == counted


# Time -----------------------------------------------------------------------------------------------------


def test_a_time_typed_in_dhaka_is_six_hours_earlier_in_utc_and_shown_as_typed(
    desk: Client, fee: Claim, bengali: Preference
) -> None:
    form = desk.get("/admin/schedule/", {"ref": fee.ref}).content.decode()
    assert 'value="Asia/Dhaka"' in form
    when = {"when": "2027-01-15T18:00", "zone": "Asia/Dhaka", "reason": "new"}
    answer = desk.post("/admin/schedule/", when | {"seen": f"{fee.ref}:{fee.version}"}, follow=True)
    assert Schedule.objects.get().publish_at == datetime(2027, 1, 15, 12, tzinfo=UTC)
    assert re.search(r"১৫ \S+ ২০২৭, ১৮:০০ Asia/Dhaka \(১৫ \S+ ২০২৭, ১২:০০ UTC\)", answer.content.decode())
    assert re.search(r"১৫ \S+ ২০২৭, ১৮:০০ Asia/Dhaka", desk.get("/admin/").content.decode())


def test_each_reads_the_list_of_schedules_in_their_own_time(
    fee: Claim, editor: User, colleague: User, bengali: Preference
) -> None:
    schedules.schedule(
        {fee.ref: fee.version}, by=editor, publish_at=datetime(2027, 1, 15, 12, tzinfo=UTC), reason=Reason.NEW,
        note={}, time_zone="Asia/Dhaka",
    )  # fmt: skip
    prefer(by=colleague, language="vi", time_zone="Asia/Tokyo")
    for address in ("/admin/schedules/", "/admin/"):
        assert "21:00, 15/1/2027 Asia/Tokyo" in logged_in(colleague).get(address).content.decode()


def test_a_time_that_ones_own_clocks_skip_may_be_typed_for_another_zone(
    desk: Client, fee: Claim, editor: User
) -> None:
    prefer(by=editor, language="en", time_zone="Europe/Paris")  # 2027-03-28 02:30 does not exist there
    when = {"when": "2027-03-28T02:30", "zone": "Asia/Dhaka", "reason": "new"}
    desk.post("/admin/schedule/", when | {"seen": f"{fee.ref}:{fee.version}"})
    assert Schedule.objects.get().publish_at == datetime(2027, 3, 27, 20, 30, tzinfo=UTC)


def test_histories_and_comments_show_the_users_clock(desk: Client, story: Story, editor: User) -> None:
    at = datetime(2026, 3, 31, 20, 15, tzinfo=UTC)
    talk.comment(story.claim, by=editor, text="Well.", at=at)
    address = f"/admin/talk/{story.claim.ref}/"
    assert "31 Mar 2026, 20:15" in desk.get(address).content.decode()
    prefer(by=editor, language="en", time_zone="Asia/Dhaka")
    page = desk.get(address).content.decode()
    assert "1 Apr 2026, 02:15" in page
    assert 'datetime="2026-04-01T02:15:00+06:00"' in page


def test_figures_in_bengali_digits_are_read_on_a_bengali_desk(desk: Client, bengali: Preference) -> None:
    said = desk.get("/admin/typed/", {"kind": "amount", "text": "৫০ হাজার"}).json()["said"]
    assert "৫০" in said
    asks = desk.get("/admin/typed/", {"kind": "amount", "text": "কিছু একটা"}).json()["asks"]
    assert "কিছু একটা" in asks


# Others ---------------------------------------------------------------------------------------------------


def test_notices_and_mail_are_in_the_language_of_who_gets_them(
    fee: Claim, editor: User, colleague: User, bengali: Preference
) -> None:
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    draft = build.a_claim(by=editor, subject=fee.subject)
    submit(draft, by=editor, expect=draft.version)
    with Preference(language="vi", time_zone="Asia/Tokyo").applied():  # the colleague at work
        request_changes(draft, by=colleague, expect=draft.version + 1, comment="Which page?")
    notice = Notice.objects.filter(user=editor).latest("id")
    assert notice.thing.startswith("ক্লাবটি")
    at = datetime(2026, 3, 31, 20, 15, tzinfo=UTC)
    Notice.objects.exclude(pk=notice.pk).delete()
    Notice.objects.update(at=at)
    assert mail_notices(at) == 1
    assert "2026-04-01 02:15 Asia/Dhaka" in mail.outbox[0].body
    with translation.override("bn"):
        assert str(Notice.Event.CHANGES_REQUESTED.label) in mail.outbox[0].subject


def test_who_chose_nothing_gets_english_and_utc_whoever_writes(
    fee: Claim, editor: User, colleague: User
) -> None:
    User.objects.filter(pk=colleague.pk).update(email="colleague@example.org")
    with Preference(language="bn", time_zone="Asia/Dhaka").applied():
        talk.comment(fee, by=editor, text="দেখুন")
        talk.assign(fee, to=colleague, by=editor)
    assert {one.thing.partition(": ")[0] for one in Notice.objects.filter(user=colleague)} == {"The Club"}
    assert mail_notices(timezone.now()) > 0
    assert all(one.body.splitlines()[1].endswith(" UTC") for one in mail.outbox)


def test_what_a_schedule_did_is_told_in_the_schedulers_language(
    fee: Claim, editor: User, bengali: Preference
) -> None:
    now = datetime(2026, 5, 1, 9, tzinfo=UTC)
    schedules.schedule(
        {fee.ref: fee.version}, by=editor, publish_at=datetime(2026, 5, 1, 10, tzinfo=UTC), reason=Reason.NEW,
        note={}, at=now,
    )  # fmt: skip
    assert schedules.publish_due(datetime(2026, 5, 1, 11, tzinfo=UTC)) == 1
    assert Notice.objects.get(user=editor, event="published").thing.startswith("ক্লাবটি")


def test_every_listed_zone_can_be_chosen() -> None:
    assert {"UTC", "Asia/Dhaka", "Asia/Kolkata", "Asia/Ho_Chi_Minh", "Pacific/Auckland"} <= set(listed())
    Preference(language="en", time_zone="Asia/Dhaka").clean_fields(exclude=["user"])
