"""Keys: made and revoked by administrators, shown once, and opening nothing but the letterbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from claims.actions.partners import make_key, revoke
from claims.models import PartnerKey
from claims.permissions import NotAllowed
from tests.claims.partners.sending import URL, Partner, a_request, published_things
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(editor: User) -> Partner:
    return Partner("the-gazette", by=editor)


def test_no_key_and_a_wrong_one_open_nothing(partner, editor, client):
    client.force_login(editor)  # a login of the staff is no key
    for key in ("", "Api-Key", "Api-Key x", f"Bearer {partner.secret}", f"Api-Key {partner.secret}x",
                f"Api-Key {partner.key.prefix}.", "Api-Key " + "x" * 5000, "Api-Key a\u00e9.b"):  # fmt: skip
        for method in ("get", "post", "delete"):
            url = f"{URL}c0000000aa/" if method == "delete" else URL
            answer = getattr(client, method)(url, headers={"Authorization": key.encode().decode("latin-1")})
            assert answer.status_code == 401, key
            assert answer["WWW-Authenticate"] == "Api-Key"
    assert partner.get().status_code == 200


def test_only_its_hash_is_kept(partner):
    key = PartnerKey.objects.get()
    assert partner.secret not in (key.pk, key.hashed_key, key.prefix)
    assert key.hashed_key.startswith("sha512$$")
    assert len(partner.secret) == 8 + 1 + 32


def test_a_revoked_key_opens_nothing_and_the_partners_other_one_still_does(partner, editor):
    other = Partner("the-gazette", by=editor)
    assert other.account == partner.account
    revoke(PartnerKey.objects.get(pk=partner.key.pk), by=editor)
    assert (partner.get().status_code, other.get().status_code) == (401, 200)


def test_an_expired_key_opens_nothing(editor):
    end = datetime(2026, 12, 1, tzinfo=UTC)
    _key, secret = make_key("the-gazette", name="for a week", by=editor, expires=end)
    for moment, status in ((end - timedelta(seconds=1), 200), (end + timedelta(seconds=1), 401)):
        with time_machine.travel(moment, tick=False):
            assert Client().get(URL, headers={"Authorization": f"Api-Key {secret}"}).status_code == status
    with pytest.raises(ValidationError):
        make_key("the-gazette", name="too late", by=editor, expires=datetime(2020, 1, 1, tzinfo=UTC))


def test_a_partner_that_was_put_out_sends_nothing(partner):
    partner.account.groups.clear()
    assert partner.get().status_code == 403
    User.objects.filter(pk=partner.account.pk).update(is_active=False)
    assert partner.get().status_code == 401


def test_a_partners_account_opens_nothing_of_the_desk(partner, client):
    assert not partner.account.is_staff
    assert not partner.account.has_usable_password()
    client.force_login(partner.account)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/", headers={"Authorization": f"Api-Key {partner.secret}"}).status_code == 302


@pytest.mark.parametrize("role", ["partner", "contributor", "editor", "publisher"])
def test_only_administrators_make_and_revoke(role, partner):
    person = member(role, "somebody")
    with pytest.raises(NotAllowed):
        make_key("another", name="x", by=person)
    with pytest.raises(NotAllowed):
        revoke(partner.key, by=person)
    assert make_key("another", name="x", by=member("administrator", "who-may"))


@pytest.mark.parametrize("name", ["", "two words", "editor", "x" * 151])
def test_a_name_that_is_no_partners_is_refused(name, editor):
    with pytest.raises(ValidationError) as refused:
        make_key(name, name="x", by=editor)
    assert "partner" in refused.value.message_dict
    assert PartnerKey.objects.count() == 0


@pytest.mark.parametrize("name", ["", "a \u202e b", "a\nb", "x" * 51])
def test_what_a_key_is_for_is_one_clean_line(name, editor):
    with pytest.raises(ValidationError) as refused:
        make_key("the-gazette", name=name, by=editor)
    assert "name" in refused.value.message_dict
    assert not User.objects.filter(username="the-gazette").exists()


def test_the_day_of_use_is_noted_once_a_day(partner, django_assert_num_queries):
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False):
        partner.get()
        assert PartnerKey.objects.get().last_used_on.isoformat() == "2026-11-22"
        with django_assert_num_queries(
            6
        ):  # the key, the partner, their and their group's rights, the edition, the list
            partner.get()


def test_who_asks_too_often_is_told_to_wait(partner, monkeypatch):
    cache.clear()
    monkeypatch.setitem(UserRateThrottle.THROTTLE_RATES, "user", "2/min")
    assert [partner.get().status_code for _ in range(3)] == [200, 200, 429]
    assert int(float(partner.get()["Retry-After"])) > 0


def test_a_partner_cannot_reach_other_kinds_or_publish(partner):
    published_things()
    for address in ("/api/v1/claims/", "/api/v1/sources/"):
        answer = partner.client.post(address, a_request(), content_type="application/json",
                                     headers={"Authorization": f"Api-Key {partner.secret}"})  # fmt: skip
        assert answer.status_code == 405
