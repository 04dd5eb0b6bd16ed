"""Embargoes: a thing that may not be published before a moment, and who may set, move or lift that."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import press
from claims.actions.talk import remember
from claims.models import Embargo
from claims.permissions import require
from claims.workflow import Action
from kb.lib import checked
from kb.models import Root


def embargo(
    root: Root, *, until: datetime, why: str, by: User, expect: int, at: datetime | None = None
) -> Embargo:
    """Keep `root` from being published before `until`, saying why to colleagues.

    Whoever may write it may set an embargo or put it off; to let one end sooner takes the right to lift it. Raises
    NotAllowed; StaleVersion; ValidationError for a moment that has passed or a missing reason.
    """
    at = at or timezone.now()
    if until <= at:
        raise ValidationError({"when": _("An embargo ends in the future.")})
    if not why.strip():
        raise ValidationError({"why": _("Say to your colleagues why it has to wait.")})
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=expect)
        require(by, Action.EMBARGO, fresh)
        standing = Embargo.objects.select_for_update().filter(ref=fresh.ref).first()
        if standing is not None and at < standing.until and until < standing.until:
            require(by, Action.LIFT, fresh)
        made = standing or Embargo(kind=fresh.KIND, ref=fresh.ref)
        made.until, made.why, made.set_by, made.set_at = until, why.strip(), by, at
        checked.save(made)
        remember(fresh, by=by, text=why, decision=Action.EMBARGO, at=at)
        return made


def lift(root: Root, *, by: User, expect: int, why: str = "", at: datetime | None = None) -> None:
    """End the embargo on `root` now. Raises NotAllowed; StaleVersion; ValidationError where there is none."""
    at = at or timezone.now()
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=expect)
        require(by, Action.LIFT, fresh)
        ended, _rows = Embargo.objects.standing(at).filter(ref=fresh.ref).delete()
        if not ended:
            raise ValidationError(_("There is no embargo on it."))
        remember(fresh, by=by, text=why, decision=Action.LIFT, at=at)
