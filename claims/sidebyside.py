"""Differences between bodies as people read them: labels for refs, figures and dates in words, changes marked.

Editors compare the desk with what is published, readers one published version with the one before. `Words` says what
things are called there; the rest is the same for both, and pure.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import wording
from claims.comparing import ORDER, PROSE, Body, Change, Meeting, Part, Path, says_nothing
from claims.differences import ORDER as READING_ORDER
from claims.differences import WORDS, part_name
from kb.lib.figures import digits, time_label
from kb.lib.forms import language_name
from kb.lib.prose import FALLBACK, choose
from kb.lib.spoken import numeral

# Words to mark: what stands between spaces, and each sign of the scripts that set none.
_WORD: Final = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
ALIKE: Final = 0.3  # with less in common, two texts are shown whole: marks would only be confetti
# The field of a child that its title says already.
TITLED_BY: Final = {
    "evidence": "source",
    "links": "claim",
    "members": "claim",
    "names": "text",
}
LONGEST_SUMMARY: Final = 60  # characters of a value that a line of history says in full
CHOICES: Final[Mapping[str, Mapping[Any, Any]]] = {
    **WORDS,
    "kind": wording.KIND_NAMES,
    "subject_kinds": wording.KIND_NAMES,
    "relation": wording.RELATIONS,
    "role": wording.NAME_ROLES,
    "reliability": wording.RELIABILITY,
    "unit": {},
}


@dataclass(frozen=True)
class Words:
    """What refs, terms and figures are called in one language."""

    language: str
    labels: Mapping[str, str]  # by ref
    terms: Mapping[tuple[str, str], str]  # by the ref of their dimension and their slug
    nouns: Mapping[str, Mapping[str, str]]  # what a property counts, by its ref
    property: str = ""  # whose figures are shown
    silent: frozenset[str] = frozenset()  # parts that are not worth a word
    exact: bool = True  # with what machines read: how a date is written, where a quote stands

    def about(self, body: Body) -> Words:
        """The same words, for the figures of this body."""
        return replace(self, property=body.get("property", ""))

    def text(self, path: Path, value: Any, around: Body | None = None) -> str:
        """A value as plain text; several lines for what has several parts; nothing for what says nothing.

        `around` is the child that the value belongs to.
        """
        name = path[-1]
        if says_nothing(value) or name in self.silent:
            return ""
        if name == "term" and around:
            return self.terms.get((around["dimension"], value), str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, Mapping):
            return self._mapping(path, value)
        if isinstance(value, list):
            children = [(*path, str(number)) for number in range(len(value))]
            return "\n".join(self.text(here if isinstance(one, Mapping) else (name,), one)
                             for here, one in zip(children, value, strict=True))  # fmt: skip
        if name == "language":
            return language_name(str(value))
        if name == "unit" and not value:
            return ""
        return str(CHOICES.get(name, {}).get(value) or self.labels.get(value, value))

    def _mapping(self, path: Path, value: Body) -> str:
        if path == ("value",):
            return self._value(value)
        if "edtf" in value:
            words = time_label(value, self.language)
            return words if words == value["edtf"] or not self.exact else f"{words} ({value['edtf']})"
        if path[-1] == "quote":
            return self._quote(value)
        if path[0] == "scope" and "term" in value:
            return f"{self.title('scope', value)}: {self.text((*path, 'term'), value['term'], value)}"
        if path[-1].isdigit() or path[-1].startswith(("new-", "theirs-")):
            lines = [(name, self.text((*path, name), one)) for name, one in value.items()]
            return "\n".join(f"{self.name((*path, name))}: {line}" for name, line in lines if line)
        named = sorted(value, key=lambda tag: (tag != FALLBACK, tag))
        return "\n".join(f"{self.name((*path, tag))}: {self.text((*path, tag), value[tag])}" for tag in named)

    def _value(self, value: Body) -> str:
        noun = choose(self.nouns.get(self.property) or {}, self.language)[0]
        entity, text = value.get("entity"), value.get("text")
        shown = dict(value) | {
            "entity": {"label": self.labels.get(entity, entity)} if entity else None,
            "text": "\n".join(f"{language_name(tag)}: {words}" for tag, words in text.items())
            if text
            else "",
        }
        words = wording.value_text({"value": shown, "property": {"unit_label": noun}}, self.language)
        lower, upper = value.get("lower_bound"), value.get("upper_bound")
        if lower or upper:
            bounds = [digits(one, self.language) if one else "…" for one in (lower, upper)]
            words += "\n" + _("bounds: %(lower)s to %(upper)s") % {"lower": bounds[0], "upper": bounds[1]}
        return words

    def _quote(self, value: Body) -> str:
        words = f"“{value['exact']}”"
        if not self.exact:
            return words
        lines = [words]
        if value["prefix"] or value["suffix"]:
            around = {"before": value["prefix"], "after": value["suffix"]}
            lines.append(_("between “%(before)s” and “%(after)s”") % around)
        position = {"start": value["start"], "end": value["end"], "copy": value["snapshot"][:8]}
        return "\n".join([*lines, _("characters %(start)s to %(end)s of copy %(copy)s") % position])

    def name(self, path: Path) -> str:
        """What the last step of a path is called: a field, or a language."""
        if len(path) > 1 and path[-2] in PROSE:
            return language_name(path[-1])
        return _("order") if path[-1] == ORDER else part_name(path[-1])

    def title(self, part: str, child: Body) -> str:
        """What one child of a list is called."""
        match part:
            case "evidence":
                return self.labels.get(child["source"], str(child["source"]))
            case "names":
                return str(child["text"])
            case "identifiers":
                return f"{child['scheme']}: {child['value']}"
            case "members" | "links":
                return self.labels.get(child["claim"], str(child["claim"]))
            case "scope":
                return self.labels.get(child["dimension"], str(child["dimension"]))
            case "terms":
                return choose(child["labels"], self.language)[0] or str(child["slug"])
            case _:
                return str(child.get("text_sha256", ""))[:12]

    def where(self, meeting: Meeting) -> str:
        """The whole way to a field, in words: evidence · The report · note · Bengali."""
        path, steps = meeting.path, []
        for depth in range(1, len(path) + 1):
            step = path[:depth]
            is_child = depth == 2 and step[-1] != ORDER and meeting.around
            steps.append(self.title(step[0], meeting.around) if is_child else self.name(step))
        return " · ".join(steps)


# --- marking ----------------------------------------------------------------------------------------------------------


def marked(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML, with what only the older says in <del> and what only the newer says in <ins>."""
    pieces = _pieces(old, new)
    shared = "".join(taken for changed, taken, _put in pieces if not changed)
    if len("".join(shared.split())) < ALIKE * len("".join(max(old, new, key=len).split())):
        pieces = [(True, old, new)]
    left = [_whole("del", taken) if changed else escape(taken) for changed, taken, _put in pieces]
    right = [_whole("ins", put) if changed else escape(put) for changed, _taken, put in pieces]
    return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308  every piece is escaped


def _pieces(old: str, new: str) -> list[tuple[bool, str, str]]:
    """(changed, in the older, in the newer), in order; a space between two changes belongs to them."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[tuple[bool, str, str]] = []
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for op, start, end, first, last in steps:
        taken, put = "".join(before[start:end]), "".join(after[first:last])
        runs_on = bool(pieces) and pieces[-1][0]
        changed = op != "equal" or (runs_on and not taken.strip() and last < len(after) and end < len(before))
        if changed and runs_on:
            _changed, earlier, other = pieces.pop()
            taken, put = earlier + taken, other + put
        pieces.append((changed, taken, put))
    return pieces


def _whole(tag: str, text: str) -> SafeString:
    return format_html("<{0}>{1}</{0}>", mark_safe(tag), text) if text else SafeString("")  # noqa: S308


# --- rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One field of the older and the newer version."""

    name: str
    change: Change
    old: SafeString | str
    new: SafeString | str
    language: str = ""


@dataclass(frozen=True)
class Entry:
    """One child of a list: its fields that differ."""

    title: str
    change: Change
    rows: Sequence[Row]


@dataclass(frozen=True)
class Section:
    """One part of a body. A field has one row, a text one a language, a scope one a dimension; a list has entries."""

    name: str
    change: Change
    rows: Sequence[Row] = ()
    entries: Sequence[Entry] = ()
    unchanged: int = 0  # children of a list that are the same


@dataclass(frozen=True)
class Comparison:
    """What differs, and what does not, for people."""

    changed: Sequence[Section]
    same: Sequence[Row]


def comparison(parts: Sequence[Part], words: Words) -> Comparison:
    """The parts of `claims.comparing.compare` for a page."""
    sections = [_section(part, words) for part in _as_read(parts) if part.differs]
    return Comparison(
        changed=[one for one in sections if one.rows or one.entries],
        same=[
            Row(words.name(part.path), part.change, text, text)
            for part in _as_read(parts)
            if not part.differs and (text := words.text(part.path, part.new))
        ],
    )


def place(name: str) -> int:
    """Where a part stands when people read a body; stored bodies are in the order of the alphabet."""
    return READING_ORDER.get(name, len(READING_ORDER))


def _as_read(parts: Sequence[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: place(part.name))


def _section(part: Part, words: Words) -> Section:
    name = words.name(part.path)
    if part.name == "scope":  # a dimension has one term, so it needs no heading of its own
        return Section(name, part.change, rows=[_term(one, words) for one in part.parts if one.differs])
    if isinstance(part.old or part.new, list) and part.parts:
        found = [_entry(part.name, one, words) for one in part.parts if one.differs]
        entries = [one for one in found if one.rows or one.change != Change.CHANGED]
        same = sum(not one.differs for one in part.parts)
        if not found:
            rows = [
                Row(
                    _("order"),
                    Change.CHANGED,
                    *(_titles(part.name, side, words) for side in (part.old, part.new)),
                )
            ]
            return Section(name, part.change, rows=rows, unchanged=same)
        return Section(name, part.change, entries=entries, unchanged=same)
    return Section(name, part.change, rows=_rows(part, words))


def _term(part: Part, words: Words) -> Row:
    sides = [words.text(("scope", "term"), one["term"], one) if one else "" for one in (part.old, part.new)]
    return Row(words.title("scope", part.new or part.old), part.change, *marked(*sides))


def _entry(list_name: str, part: Part, words: Words) -> Entry:
    title = words.title(list_name, part.new or part.old)
    whole = part.change in (Change.ADDED, Change.REMOVED)
    fields = [one for one in _as_read(part.parts) if not (whole and one.name == TITLED_BY.get(list_name))]
    fields.sort(key=lambda one: one.name == "note")  # what the editors add comes after what the source says
    rows = [row for one in fields for row in _rows(one, words, part.new or part.old)]
    return Entry(title, part.change, [row for row in rows if row.old or row.new])


def _rows(part: Part, words: Words, around: Body | None = None) -> list[Row]:
    """A field as rows: one, or one a language; fields that are the same are left out."""
    if not part.differs:
        return []
    if part.parts:
        return [row for one in part.parts for row in _rows(one, words, around)]
    old, new = (words.text(part.path, value, around) for value in (part.old, part.new))
    if old == new and not words.exact:
        return []
    language = part.name if len(part.path) > 1 and part.path[-2] in PROSE else ""
    name = (
        f"{words.name(part.path[:-1])} · {words.name(part.path)}" if language and len(part.path) > 2 else ""
    )
    return [Row(name or words.name(part.path), part.change, *marked(old, new), language)]


def _titles(name: str, children: Sequence[Body], words: Words) -> str:
    return "\n".join(f"{number}. {words.title(name, one)}" for number, one in enumerate(children, start=1))


def summary(parts: Sequence[Part], words: Words) -> list[str]:
    """What changed, a short phrase a part: "value: $1 million → $2 million"; "evidence: 1 added, 1 changed"."""
    return [f"{words.name(part.path)}: {_phrase(part, words)}" for part in _as_read(parts) if part.differs]


def _phrase(part: Part, words: Words) -> str:
    if isinstance(part.old or part.new, list) and part.parts:
        counts = {change: sum(one.change == change for one in part.parts) for change in Change}
        phrases = [
            ngettext("%(count)s added", "%(count)s added", counts[Change.ADDED]),
            ngettext("%(count)s changed", "%(count)s changed", counts[Change.CHANGED]),
            ngettext("%(count)s removed", "%(count)s removed", counts[Change.REMOVED]),
        ]
        numbers = [counts[Change.ADDED], counts[Change.CHANGED], counts[Change.REMOVED]]
        said = [
            phrase % {"count": numeral(number)}
            for phrase, number in zip(phrases, numbers, strict=True)
            if number
        ]
        return ", ".join(said) or _("put in another order")
    if part.parts:
        return ", ".join(
            f"{words.name(one.path)} {_VERBS[one.change]()}" for one in part.parts if one.differs
        )
    old, new = words.text(part.path, part.old), words.text(part.path, part.new)
    if max(len(old), len(new)) <= LONGEST_SUMMARY and "\n" not in old + new:
        return f"{old or '–'} → {new or '–'}"
    return _VERBS[part.change]()


_VERBS: Final = {
    Change.ADDED: lambda: _("added"),
    Change.REMOVED: lambda: _("removed"),
    Change.CHANGED: lambda: _("changed"),
}
