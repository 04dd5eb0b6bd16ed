"""A partner with a key, and what they send: a fee that a published report prints."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from claims.actions.partners import make_key
from claims.models import Property, Source
from companies.models import Entity
from kb.lib import blobs
from tests import building as build

URL = "/api/v1/submissions/"
TEXT = "The club paid 5 million euros for him. Nobody had paid 5 million before."


class Partner:
    """Sends with a key of their own."""

    def __init__(self, name: str, by: User) -> None:
        self.key, self.secret = make_key(name, name="their site", by=by)
        self.account = self.key.partner
        self.client = Client()

    def _ask(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        headers = {"Authorization": f"Api-Key {self.secret}"}
        return getattr(self.client, method)(url, *args, headers=headers, **more)

    def send(self, sent: Any, **more: Any) -> Any:
        return self._ask("post", URL, sent, content_type="application/json", **more)

    def get(self, url: str = URL) -> Any:
        return self._ask("get", url)

    def take_back(self, ref: str) -> Any:
        return self._ask("delete", f"{URL}{ref}/")


def published_things() -> tuple[Entity, Property, Source]:
    """A club, a fee that has to be before or after tax, and a report of which a copy is held."""
    blobs.write(TEXT.encode())
    tax = build.a_dimension("tax")
    club, fee = build.an_entity("united"), build.a_property("fee", required_scope=[tax])
    report = build.a_source("report", snapshots=[build.a_snapshot(TEXT)])
    build.published(tax, club, fee, report)
    return club, fee, report


def a_request(**changes: Any) -> dict[str, Any]:
    return {
        "subject": "united",
        "property": "fee",
        "value": {"amount": "5000000", "unit": "EUR"},
        "scope": [{"dimension": "tax", "term": "before-tax"}],
        "evidence": [{"source": "report", "quote": "5 million euros", "original_value": "5 million euros"}],
        **changes,
    }
