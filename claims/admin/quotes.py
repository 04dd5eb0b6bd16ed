"""Pinning a quote: an editor gives the words, the machine counts the code points."""

from __future__ import annotations

from django.utils.translation import gettext as _


class NotPinned(ValueError):
    """The words cannot be pinned to one place; the message says why and what to do."""


def place(text: str, exact: str, prefix: str = "", suffix: str = "") -> tuple[int, int]:
    """Where `exact` stands in `text`, between `prefix` and `suffix`: start and end in code points.

    Raises NotPinned when it stands nowhere, or in more places than one: then more of what is around it is needed.
    """
    whole, found, begin = prefix + exact + suffix, [], 0
    while (at := text.find(whole, begin)) >= 0:
        found.append(at + len(prefix))
        begin = at + 1
    if not found:
        raise NotPinned(_("these words do not stand in the text so, byte for byte"))
    if len(found) > 1:
        raise NotPinned(
            _("these words stand in %(number)s places: say more of what is before or after them")
            % {"number": len(found)}
        )
    return found[0], found[0] + len(exact)
