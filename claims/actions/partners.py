"""Who may send claims in: accounts of partners, and their keys."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import PartnerKey
from claims.permissions import PROPOSE, require_administrator
from claims.workflow import Role


def make_key(partner: str, *, name: str, by: User, expires: datetime | None = None) -> tuple[PartnerKey, str]:
    """A new key for the account `partner`, which is made if there is none; and the key itself, which is kept nowhere.

    Raises NotAllowed; ValidationError, its keys naming the argument; also for an account of the staff.
    """
    require_administrator(by)
    if expires is not None and expires <= timezone.now():
        raise ValidationError({"expires": _("This day has passed.")})
    with transaction.atomic():
        key = PartnerKey(
            partner=_account(partner.strip()), name=name.strip(), created_by=by, expiry_date=expires
        )
        secret = PartnerKey.objects.assign_key(key)
        key.clean_fields()
        key.save(force_insert=True)
        return key, secret


def revoke(key: PartnerKey, *, by: User, at: datetime | None = None) -> None:
    """The key opens nothing any more, for ever. Raises NotAllowed."""
    require_administrator(by)
    with transaction.atomic():
        standing = PartnerKey.objects.select_for_update().get(pk=key.pk)
        if not standing.revoked:
            standing.revoked, standing.revoked_by, standing.revoked_at = True, by, at or timezone.now()
            standing.save(update_fields=["revoked", "revoked_by", "revoked_at"])


def note_use(key: PartnerKey, *, at: datetime) -> None:
    """Remember the day (UTC) on which a key was used last; written once a day."""
    day = at.astimezone(UTC).date()
    if key.last_used_on != day:
        PartnerKey.objects.filter(pk=key.pk).update(last_used_on=day)


def _group() -> Group:
    """That of partners; made anew, with its one right, where somebody has deleted it."""
    group, made = Group.objects.get_or_create(name=Role.PARTNER.value)
    if made:
        app, _dot, codename = PROPOSE.partition(".")
        group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return group


def _account(username: str) -> User:
    """The partner's account: no password, no place on the staff, and no right but to propose."""
    group = _group()
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
    elif not account.is_active:
        raise ValidationError({"partner": _("The account “%s” was closed: activate it first.") % username})
    return account
