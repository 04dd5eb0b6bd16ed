"""The children of an aggregate root as one value: replaced, or merged by key, only where they differ."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from kb.lib import checked


def replace_children(root: models.Model, name: str, wanted: Sequence[models.Model]) -> None:
    """Make `root.<name>` exactly `wanted`, in that order; nothing is written when it already is.

    Raises ValidationError whose keys say which child and field: "evidence.2.exact".
    """
    manager, owner = _parts(root, name)
    _adopt(root, owner, wanted)
    if [_values(child, owner) for child in manager.all()] == [_values(child, owner) for child in wanted]:
        return
    manager.all().delete()
    for number, child in enumerate(wanted):
        _save(child, f"{name}.{number}")
    _forget(root, name)


def merge_children(root: models.Model, name: str, wanted: Sequence[models.Model], *, key: str) -> None:
    """Like `replace_children`, but a child that others refer to keeps its row: matched by field `key`.

    Raises ValidationError also when a child that is left out is still referred to.
    """
    manager, owner = _parts(root, name)
    _adopt(root, owner, wanted)
    standing = {getattr(child, key): child for child in manager.all()}
    for number, child in enumerate(wanted):
        present = standing.pop(getattr(child, key), None)
        if present is not None:
            if _values(present, owner) == _values(child, owner):
                continue
            child.pk = present.pk
            child._state.adding = False
        _save(child, f"{name}.{number}")
    for child in standing.values():
        try:
            child.delete()
        except ProtectedError as fault:
            raise ValidationError(
                {name: _("%(child)s is still used, so it cannot be left out") % {"child": child}}
            ) from fault
    _forget(root, name)


def _parts(root: models.Model, name: str) -> tuple[Any, str]:
    manager = getattr(root, name)
    return manager, manager.field.name


def _adopt(root: models.Model, owner: str, wanted: Sequence[models.Model]) -> None:
    for number, child in enumerate(wanted):
        setattr(child, owner, root)
        if any(field.name == "position" for field in child._meta.concrete_fields):
            child.position = number  # type: ignore[attr-defined]


def _values(child: models.Model, owner: str) -> dict[str, Any]:
    return {
        field.attname: getattr(child, field.attname)
        for field in child._meta.concrete_fields
        if not field.primary_key and field.name != owner
    }


def _save(child: models.Model, where: str) -> None:
    try:
        checked.save(child)
    except ValidationError as fault:
        raise ValidationError(
            {
                where if field == NON_FIELD_ERRORS else f"{where}.{field}": messages
                for field, messages in fault.error_dict.items()
            }
        ) from fault


def _forget(root: models.Model, name: str) -> None:
    getattr(root, "_prefetched_objects_cache", {}).pop(name, None)
