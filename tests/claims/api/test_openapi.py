"""The OpenAPI document describes what the API really answers, and is shown without anything from elsewhere."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kb.api import router
from kb.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CASES = 1000


def document() -> dict[str, Any]:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    return dict(json.loads(answer.content))


# What half of the cases try in place of any value that the document allows.
USUAL: dict[str, list[Any]] = {
    "subject": ["deepseek", "deepseek-v3", "h800"],
    "asserted_by": ["deepseek"],
    "property": ["training-cost", "spun-off-from"],
    "unit": ["USD", "count"],
    "language": ["bn", "en", "vi"],
    "lang": ["bn", "hi", "vi", "zh-Hant"],
    "q": ["deepseek", "চীন", "cost of"],
    "kind": ["company", "model"],
    "time_from": ["2023", "2023-05~"],
    "time_to": ["2024", "2025-02-01"],
    "valid_on": ["2024"],
    "amount_min": ["0", "-1.5"],
    "amount_max": ["6000000", "1e9"],
    "scope": [["included-work:final-training-run"]],
}


def with_real_keys(schema: dict[str, Any]) -> dict[str, Any]:
    """The document, with the keys and values that stand for something among what is tried.

    Without the two parameters of which nearly every value is refused; test_reading tries those.
    """
    for path, methods in schema["paths"].items():
        operation = methods["get"]
        listed = (
            Client().get(path.replace("{key}/", "") + "?page_size=5").json()["results"]
            if path.endswith("{key}/")
            else []
        )
        keys = [one.get(name) for one in listed for name in ("slug", "ref", "number") if one.get(name)]
        usual = USUAL | ({"key": keys} if keys else {})
        for one in operation["parameters"]:
            if one["name"] == "q" and one["schema"].get("type") == "array":
                one["schema"] = {"anyOf": [{"enum": [["deepseek"], ["h800", "চীন"]]}, one["schema"]]}
            elif one["name"] in usual:
                one["schema"] = {"anyOf": [{"enum": usual[one["name"]]}, one["schema"]]}
            elif one["name"] == "edition":
                one["schema"] = {"enum": [0, 1, 1, 1, 2]}
        operation["parameters"] = [
            one for one in operation["parameters"] if one["name"] not in ("cursor", "known_at")
        ]
    return schema


def test_every_address_is_described():
    described = set(document()["paths"])
    for prefix, view, _ in router.registry:
        assert f"/api/v1/{prefix}/" in described
        assert (f"/api/v1/{prefix}/{{key}}/" in described) == hasattr(view, "retrieve")


def test_the_index_leads_to_every_list(client):
    index = client.get("/api/v1/").json()
    assert set(index["lists"]) == {prefix for prefix, _, _ in router.registry}
    for name, address in index["lists"].items():
        assert client.get(address).status_code == 200, name
    for address in (index["documentation"], index["schema"]):
        assert client.get(address).status_code == 200
    assert (index["edition"], index["license"]) == (1, "CC-BY-4.0")
    assert client.get("/api/v1/?edition=0").json()["edition"] == 0


def test_every_filter_and_ordering_is_described():
    parameters = {one["name"]: one for one in document()["paths"]["/api/v1/claims/"]["get"]["parameters"]}
    assert {"subject", "publisher", "language", "q", "scope", "bounds", "ordering", "cursor"} <= set(
        parameters
    )
    assert "-amount" in parameters["ordering"]["schema"]["enum"]


def statuses_of(operation: Any, examples: int) -> Counter[int]:
    """The statuses of so many cases of one operation, each checked against the document."""
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        response = case.call(
            headers={"Accept-Encoding": "identity"}
        )  # its client does not unpack what it asks for
        statuses[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    check()
    return statuses


@contextmanager
def one_connection() -> Iterator[None]:
    """The test's own connection stays open between requests, as with Django's test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@pytest.mark.once
def test_a_thousand_cases_hold_to_the_document():
    schema = schemathesis.openapi.from_dict(with_real_keys(document()))
    schema.app = application
    operations: list[Any] = [one.ok() for one in schema.get_all_operations()]  # type: ignore[union-attr]
    statuses: Counter[int] = Counter()
    with one_connection():
        for operation in operations:
            statuses += statuses_of(operation, CASES // len(operations) + 5)
    assert statuses.total() >= CASES
    assert statuses[200] > CASES / 5, statuses


def test_the_browser_of_the_api_is_clean_under_the_policy(client):
    page = client.get("/api/docs/")
    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    text = page.content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert "http" not in text.replace("https://www.w3.org", "")
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
    assert "redoc" not in text


@pytest.mark.parametrize("prefix", [prefix for prefix, _, _ in router.registry])
def test_every_published_thing_has_the_shape_described(client, prefix):
    """All that the shipped dossier has, list and detail, not only what the thousand cases meet."""
    components = document()["components"]
    view = next(view for name, view, _ in router.registry if name == prefix)
    operations = document()["paths"]

    def check(path: str, url: str) -> Any:
        answer = client.get(url).json()
        shape = operations[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        name = shape.get("anyOf", [shape])[0]["$ref"].rpartition("/")[2]
        validator = Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})
        assert [best_match([fault]).message[:300] for fault in validator.iter_errors(answer)] == [], url
        return answer

    first = {"search": "?page_size=100&q=deepseek", "match": "?q=deepseek&q=nvdia", "exports": ""}
    listed, url = [], f"/api/v1/{prefix}/{first.get(prefix, '?page_size=100')}"
    while url:
        page = check(f"/api/v1/{prefix}/", url)
        listed += page["results"]
        url = page.get("next")
    assert listed
    if hasattr(view, "retrieve"):
        for one in listed[:40]:
            check(f"/api/v1/{prefix}/{{key}}/", f"/api/v1/{prefix}/{one.get('ref') or one['number']}/")
