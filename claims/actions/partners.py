"""Who may send claims in: accounts of partners, and their keys."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import PartnerKey
from claims.permissions import require_administrator
from claims.workflow import Role


def make_key(partner: str, *, name: str, by: User, expires: datetime | None = None) -> tuple[PartnerKey, str]:
    """A new key for the account `partner`, which is made if there is none; and the key itself, which is kept nowhere.

    Raises NotAllowed; ValidationError, its keys naming the argument; also for an account of the staff.
    """
    require_administrator(by)
    if expires is not None and expires <= timezone.now():
        raise ValidationError({"expires": _("This moment has passed.")})
    with transaction.atomic():
        key = PartnerKey(
            partner=_account(partner.strip()), name=name.strip(), created_by=by, expiry_date=expires
        )
        secret = PartnerKey.objects.assign_key(key)
        key.clean_fields()
        key.save(force_insert=True)
        return key, secret


def revoke(key: PartnerKey, *, by: User) -> None:
    """The key opens nothing any more, for ever. Raises NotAllowed."""
    require_administrator(by)
    key.revoked = True
    key.save(update_fields=["revoked"])


def note_use(key: PartnerKey, *, at: datetime) -> None:
    """Remember the day (UTC) on which a key was used last; written once a day."""
    day = at.astimezone(UTC).date()
    if key.last_used_on != day:
        PartnerKey.objects.filter(pk=key.pk).update(last_used_on=day)


def _account(username: str) -> User:
    """The partner's account: no password, no place on the staff, and no right but to propose."""
    group, _made = Group.objects.get_or_create(name=Role.PARTNER.value)
    account = User.objects.filter(username=username).first()
    if account is None:
        account = User(username=username)
        account.set_unusable_password()
        try:
            account.full_clean()
        except ValidationError as fault:
            raise ValidationError({"partner": fault.messages}) from fault
        account.save()
        account.groups.add(group)
    elif account.is_staff or not account.groups.filter(pk=group.pk).exists():
        raise ValidationError({"partner": _("“%s” is no partner's account: choose another name.") % username})
    return account
