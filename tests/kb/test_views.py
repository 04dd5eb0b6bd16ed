"""The pages for what is refused, and the icon browsers ask for unasked."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.roles import member

pytestmark = pytest.mark.django_db


def strict(user: User | None = None) -> Client:
    client = Client(enforce_csrf_checks=True)
    if user is not None:
        client.force_login(user)
    return client


def test_a_form_without_its_token_says_what_happened_and_leads_back_to_the_desk(editor: User) -> None:
    answer = strict(editor).post("/admin/claims/claim/add/?asserted_by=7", {"amount": "5 secret"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing was saved." in html
    assert "What you typed is kept as a draft on this device." in html
    assert '<a class="button" href="/admin/claims/claim/add/">' in html
    for private in ("secret", "asserted_by", editor.username):
        assert private not in html


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("", "This form is no longer valid"), ("/bn", "এই ফর্মটি আর কার্যকর নয়"), ("/hi", "यह फ़ॉर्म अब मान्य नहीं है"),
     ("/vi", "Biểu mẫu này không còn hiệu lực")],
)  # fmt: skip
def test_readers_are_told_in_their_language(
    prefix: str, said: str, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = strict().post(f"{prefix}/report/c0q1877bxj/", {"text": "x"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert said in html
    assert f'href="{prefix}/report/c0q1877bxj/"' in html
    assert "/admin/" not in html


def test_a_right_that_is_missing_is_said_on_a_page_of_the_house() -> None:
    client = Client()
    client.force_login(member("contributor", "carla"))
    answer = client.get("/admin/suspicions/")
    answer = answer if answer.status_code == 403 else client.get("/admin/editions/1/reverse/")
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "You may not do this" in html
    assert 'href="/admin/"' in html
    assert "carla" not in html


def test_the_icon_stands_where_browsers_ask_for_it() -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in answer.content
