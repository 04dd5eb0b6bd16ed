"""Asking the API in tests."""

from typing import Any

from django.test import Client

API = "/api/v1"


def get(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(API + path, headers=headers)
    assert answer.status_code == status, answer.content[:500]
    return answer.json()


def every(client: Client, path: str) -> list[dict[str, Any]]:
    """All results, page after page."""
    found, url = [], API + path
    while url:
        page = client.get(url).json()
        found += page["results"]
        url = page["next"]
    return found
