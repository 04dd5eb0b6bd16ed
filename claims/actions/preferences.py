"""How somebody wishes to see the desk."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from claims.permissions import NotAllowed
from kb.lib import checked
from kb.models import Preference


def prefer(*, by: User, language: str, time_zone: str) -> Preference:
    """Keep in which language and time zone `by` wants the desk: one's own choice, nobody else's.

    Raises NotAllowed for who is not on the staff; ValidationError for a language that the site does not speak, or what
    is no time zone.
    """
    if not (by.is_active and by.is_staff):
        raise NotAllowed(_("the desk is for the staff"))
    with transaction.atomic():
        preference = Preference.objects.select_for_update().filter(user=by).first() or Preference(user=by)
        preference.language, preference.time_zone = language, time_zone
        checked.save(preference)
        return preference
