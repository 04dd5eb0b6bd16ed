"""Judging that a property does not apply to an entity, so that nobody is asked to enter it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Inapplicable, Property
from claims.permissions import require_role
from claims.workflow import Role
from companies.models import Entity
from kb.lib import checked


def set_inapplicable(
    entity: Entity, prop: Property, *, by: User, why: str, at: datetime | None = None
) -> Inapplicable:
    """Remember that the property does not apply to the entity. Raises ValidationError without a reason; NotAllowed."""
    require_role(by, Role.CONTRIBUTOR, entity)
    if not why.strip():
        raise ValidationError({"why": _("Say why it does not apply.")})
    with transaction.atomic():
        standing = Inapplicable.objects.select_for_update().filter(entity=entity, property=prop).first()
        judged = standing or Inapplicable(entity=entity, property=prop)
        judged.why, judged.judged_at, judged.judged_by = why.strip(), at or timezone.now(), by
        checked.save(judged)
        return judged


def set_applicable(entity: Entity, prop: Property, *, by: User) -> int:
    """Take that back; how many judgements there were. Raises NotAllowed."""
    require_role(by, Role.CONTRIBUTOR, entity)
    number, _kinds = Inapplicable.objects.filter(entity=entity, property=prop).delete()
    return number
