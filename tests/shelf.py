"""Rows that took long to make, kept in memory to be written again for the next test."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

OURS = {"kb", "companies", "claims", "ledger"}


def _tables() -> list[type[Model]]:
    tables = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    return [model for model in tables if model._meta.app_label in OURS]


def is_empty() -> bool:
    """Whether no table of our own has a row."""
    return not any(model._base_manager.exists() for model in _tables())


class Shelf:
    """All rows of our own tables, as they once stood, by a name.

    Their keys come along. No other row gets them: PostgreSQL does not take back what counts keys up, and SQLite goes
    on from the highest.
    """

    def __init__(self) -> None:
        self._kept: dict[str, dict[type[Model], list[Model]]] = {}

    def keep(self, name: str) -> None:
        self._kept[name] = {model: list(model._base_manager.all()) for model in _tables()}

    def put_back(self, name: str) -> bool:
        """False, and nothing is written, where nothing was kept under that name."""
        for model, rows in self._kept.get(name, {}).items():
            model._base_manager.bulk_create(rows)
        return name in self._kept
