"""A timeline as an Atom feed (RFC 4287): an entry a claim, with an id that never changes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from claims import wording
from claims.exports import counts_text

Claim = Mapping[str, Any]

MOST_ENTRIES: Final = 200  # those that changed last
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, slots=True)
class Printed:
    """When a claim was first published, and when and by whom last."""

    first: datetime
    last: datetime
    by: str


class _Feed(Atom1Feed):
    """Atom whose `updated` is said, not guessed: an empty feed must not change every second."""

    updated: datetime = EPOCH

    def latest_post_date(self) -> datetime:
        return self.updated


def stable_id(*parts: str) -> str:
    """The same on every host and in every year, as Atom asks of an id."""
    return uuid5(NAMESPACE_URL, "claimbook:" + ":".join(parts)).urn


def timeline_atom(
    timeline: Mapping[str, Any],
    claims: Sequence[Claim],
    printed: Mapping[str, Printed],
    language: str,
    *,
    updated: datetime,
    page: str,
    feed: str,
    address: Callable[[Claim], str],
) -> str:
    """The feed of a timeline's claims, those that changed last first. `updated` is when the timeline itself did."""
    newest = sorted(claims, key=lambda claim: (printed[claim["ref"]].last, str(claim["ref"])), reverse=True)
    found = newest[:MOST_ENTRIES]
    atom = _Feed(
        title=_clean(timeline["title"]),
        link=page,
        description="",
        subtitle=_clean(timeline["description"]) or None,
        language=language,
        author_name="Claimbook",
        feed_url=feed,
        feed_guid=stable_id(timeline["ref"], language),
    )
    atom.updated = max([updated, *(printed[claim["ref"]].last for claim in found)])
    for claim in found:
        about = printed[claim["ref"]]
        atom.add_item(
            title=_clean(title(claim, language)),
            link=address(claim),
            description=_clean(_summary(claim, language)),
            unique_id=stable_id(claim["ref"], language),
            author_name=_clean(about.by),
            pubdate=about.first,
            updateddate=about.last,
            categories=[_clean(claim["property"]["slug"])],
        )
    return str(atom.writeString("utf-8"))


def title(claim: Claim, language: str) -> str:
    """What it says, with its date where the sentence does not say it."""
    time = "" if claim["value"].get("time") else wording.when_text(claim, language)
    said = wording.sentence(claim, language)
    return f"{said} ({time})" if time else said


def _summary(claim: Claim, language: str) -> str:
    note = format_html("<p>{}</p>", claim["note"]) if claim.get("note") else ""
    return format_html("<p>{}</p>{}", counts_text(claim, language), note)


def _clean(text: object) -> str:
    return _FORBIDDEN.sub("", str(text or ""))
