"""Who sends: a partner, known by a key in the header `Authorization: Api-Key …`. No session, no cookie."""

from __future__ import annotations

from typing import Final, cast

from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework_api_key.permissions import KeyParser

from claims.actions.partners import note_use
from claims.models import PartnerKey
from claims.permissions import can_propose

LONGEST: Final = 100  # characters of a key


class ByKey(BaseAuthentication):
    """A key that was not revoked, has not expired, and whose partner is active; the same answer to any other."""

    parser = KeyParser()

    def authenticate(self, request: Request) -> tuple[User, PartnerKey]:
        given = self.parser.get(request)
        if given is None:
            raise AuthenticationFailed("send your key: Authorization: Api-Key <key>")
        key = self._key(given)
        if key is None or not key.partner.is_active:
            raise AuthenticationFailed("this key opens nothing")
        if key.has_expired:
            raise AuthenticationFailed("this key has expired: ask the desk for a new one")
        note_use(key, at=timezone.now())
        return key.partner, key

    def authenticate_header(self, request: Request) -> str:
        return self.parser.keyword

    @staticmethod
    def _key(given: str) -> PartnerKey | None:
        if len(given) > LONGEST or not given.isascii() or not given.isprintable():
            return None
        try:
            return cast(PartnerKey, PartnerKey.objects.get_from_key(given))
        except PartnerKey.DoesNotExist:
            return None


class MayPropose(BasePermission):
    """The right comes with the group of partners, and goes with it."""

    def has_permission(self, request: Request, view: object) -> bool:
        return can_propose(request.user)
