"""Sources made of a few signs, for tests that need no text."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from claims.extraction.results import Figure
from claims.lineage.features import Features
from claims.lineage.residue import Residue
from claims.lineage.signs import Sign

STEP = 100  # characters from one sign to the next


def source(
    signs: str, name: str = "a", *, script: str = "LATIN", published: str = "",
    credits: Mapping[str, int] | None = None, placeholders: Collection[str] = (), shingles: Collection[int] = (),
    cased: bool = True, step: int = STEP, address: str = "",
) -> Features:  # fmt: skip
    """`signs` in reading order: 944e6USD and 2048 are figures, ?USD one that lost its digits, 12.May a date,
    @slug a name of the registry, anything else a word that is a name if `cased`."""
    tokens = signs.split()
    made = [
        sign_of(token, at * step, at / max(len(tokens) - 1, 1), cased=cased)
        for at, token in enumerate(tokens)
    ]
    return Features(
        name=name, language="en", script=script, published=published, length=step * len(tokens),
        figures=tuple(one for one in made if one.kind in ("figure", "date", "year")),
        names=tuple(one for one in made if one.kind == "name"),
        words=tuple(one for one in made if one.kind == "word"),
        residue=Residue(dict(credits or {}), frozenset(placeholders)), shingles=frozenset(shingles),
        title_in_address=address,
    )  # fmt: skip


def sign_of(token: str, start: int = 0, at: float = 0.5, *, cased: bool = True) -> Sign:
    end = start + len(token)
    if token.startswith("?"):
        lost = Figure(start, end, token, "money", None, unit=token[1:], suspect="digit-lost")
        return Sign("figure", "", start, end, token, at, 0, figure=lost)
    if token.startswith("@"):
        return Sign("name", token[1:], start, end, token[1:], at, 0)
    if token[0].isdigit():
        number = token.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ%")
        return _figure(token, number, token[len(number) :], start, at)
    return Sign("word", token, start, end, token, at, 0, cased=cased)


def _figure(token: str, number: str, unit: str, start: int, at: float) -> Sign:
    per = None
    if "/" in number:
        number, per = number.split("/")
    if number.count("-") == 2:
        figure = Figure(start, start + len(token), token, "date", number)
        return Sign("date", number[5:], start, start + len(token), token, at, 0, figure=figure)
    value = f"{float(number):f}".rstrip("0").rstrip(".")
    kind = "money" if unit.isalpha() and unit else "percent" if unit else "count"
    figure = Figure(start, start + len(token), token, kind, value, unit=unit or None, per=per)  # type: ignore[arg-type]
    key = f"{value} {unit}" if unit else value
    return Sign("figure", key, start, start + len(token), token, at, 0, figure=figure)
