"""Every address, for every role: what is not on this list is refused, and a new address fails until it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]

PUBLIC = re.compile(
    r"^(bn/|hi/|vi/)?("
    r"|about/.*|gallery/|look/1\.css|healthz|readyz|sitemap\.xml|llms\.txt|favicon\.ico|opensearch\.xml|report/.*|search/(suggest/)?|corrections/|api/v1/.*|api/(schema|docs)/"
    r"|(companies|hardware|models|people|organizations|techniques|policies|events|facilities|publications)/.*"
    r"|(claims|sources|disputes|timelines|editions|properties|embed|compare)/.*"
    r")$"
)
# Asks for a key, whoever is logged in; what a key opens: tests/claims/partners.
BY_KEY = re.compile(r"^api/v1/submissions/")
LOGIN = ("admin/login/", "admin/jsi18n/")
FILL = {
    "key": "deepseek",
    "pk": "deepseek",
    "ref": "c0000000aa",
    "number": "1",
    "object_id": "1",
    "format": "json",
}


def addresses() -> list[str]:
    """One concrete path for every pattern of the URLconf."""
    return sorted({path for path in _walk(get_resolver().url_patterns, "") if "(?P<" not in path})


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for one in patterns:
        route = prefix + _filled(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield route


def _filled(route: str) -> str:
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: FILL.get(match[1], "1"), route)
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda match: FILL.get(match[1], "1"), route)
    return route.replace("^", "").replace("$", "").replace(r"\Z", "").replace("\\.", ".").replace("\\", "")


@pytest.fixture
def roles(db: None) -> dict[str, Client]:
    def client(**fields: bool) -> Client:
        user = User.objects.create(username="-".join(fields) or "plain", **fields)
        logged_in = Client()
        logged_in.force_login(user)
        return logged_in

    return {
        "anonymous": Client(),
        "reader with a login": client(),
        "staff without permissions": client(is_staff=True),
        "administrator": client(is_staff=True, is_superuser=True),
    }


def test_every_address_is_known():
    unknown = [path for path in addresses() if not PUBLIC.match(path) and not path.startswith("admin/")]
    assert unknown == [], "say in PUBLIC that everybody may read it, or put it behind the admin"


@pytest.mark.parametrize(
    "role", ["anonymous", "reader with a login", "staff without permissions", "administrator"]
)
def test_public_addresses_open_for_everybody(roles, role):
    for path in filter(PUBLIC.match, addresses()):
        status = roles[role].get(f"/{path}").status_code
        assert status in ((401,) if BY_KEY.match(path) else (200, 301, 302, 404, 410)), path
        assert "login" not in roles[role].get(f"/{path}").headers.get("Location", ""), path


@pytest.mark.parametrize("role", ["anonymous", "reader with a login"])
def test_the_desk_is_closed_without_staff(roles, role):
    for path in addresses():
        if path.startswith("admin/") and path not in LOGIN:
            for method in ("get", "post"):
                answer = getattr(roles[role], method)(f"/{path}")
                assert answer.status_code in (302, 403, 404), (method, path)
                if answer.status_code == 302:
                    assert "login" in answer["Location"] or answer["Location"].startswith("/admin/"), path


def test_staff_without_permissions_see_no_rows(roles):
    for path in addresses():
        if re.match(r"^admin/(companies|claims)/\w+/", path):
            answer = roles["staff without permissions"].get(f"/{path}")
            assert answer.status_code in (302, 403, 404), path
            assert b"DeepSeek" not in answer.content, path


def test_nothing_public_takes_a_write(roles):
    for path in filter(PUBLIC.match, addresses()):
        for method in ("post", "put", "patch", "delete"):
            status = getattr(roles["administrator"], method)(f"/{path}").status_code
            assert status in ((401,) if BY_KEY.match(path) else (301, 403, 404, 405)), (method, path)


def test_every_answer_carries_the_content_security_policy(roles):
    for path in ("", "timelines/deepseek/", "admin/login/", "api/v1/claims/", "nowhere/"):
        policy = roles["anonymous"].get(f"/{path}")["Content-Security-Policy"]
        assert "script-src 'self'" in policy, path
        assert "unsafe" not in policy, path
