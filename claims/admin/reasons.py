"""What the rules of claims/disputes found, as sentences that an editor can check, and as the beginning of a dispute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from claims.admin.labels import label
from claims.disputes.rules import Finding, Relation
from claims.models import Claim, Dispute, ScopeDimension
from kb.lib.figures import listed, quantity, time_label
from kb.lib.prose import FALLBACK, choose
from kb.lib.quantities import QuantityError, convert

RELATIONS: Final[Mapping[str, Any]] = {
    Relation.EQUAL: gettext_lazy("the same"),
    Relation.COMPATIBLE: gettext_lazy("both can hold"),
    Relation.REFINED: gettext_lazy("one is more precise"),
    Relation.CONTRADICTORY: gettext_lazy("contradictory"),
    Relation.OTHER_QUESTION: gettext_lazy("different questions"),
    Relation.OTHER_TIME: gettext_lazy("at another time"),
    Relation.SUPERSEDED: gettext_lazy("superseded"),
    Relation.COPY_ERROR: gettext_lazy("misreported"),
    Relation.PART: gettext_lazy("part and whole"),
    Relation.NOT_COMPARABLE: gettext_lazy("not comparable"),
    Relation.PART_TOO_LARGE: gettext_lazy("a part larger than its whole"),
    Relation.WRONG_SUM: gettext_lazy("a sum that does not add up"),
    Relation.OUTSIDE_LIFE: gettext_lazy("outside a lifetime"),
}
LINKS: Final[Mapping[str, Any]] = {
    "supersedes": gettext_lazy("“%(first)s” supersedes “%(second)s”, as linked."),
    "misreports": gettext_lazy("“%(first)s” misreports “%(second)s”, as linked."),
    "narrows": gettext_lazy("“%(first)s” narrows “%(second)s”, as linked."),
    "part-of": gettext_lazy("“%(first)s” is part of “%(second)s”, as linked."),
}


class Dimensions:
    """The labels of scope dimensions and their terms, fetched once for several sentences; two queries."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        refs = {one[0] for finding in findings for one in finding.told.get("scope", ())}
        rows = ScopeDimension.objects.filter(ref__in=refs).prefetch_related("terms")
        self._known = {one.ref: one for one in rows} if refs else {}

    def called(self, ref: str) -> str:
        known = self._known.get(ref)
        return choose(known.labels, _language())[0] or known.slug if known else ref

    def term(self, ref: str, slug: str) -> str:
        known = self._known.get(ref)
        terms = known.terms.all() if known else ()
        found = next((one for one in terms if one.slug == slug), None)
        return choose(found.labels, _language())[0] or slug if found else slug


@dataclass(frozen=True)
class Said:
    """A finding with the claims it speaks of, in its order."""

    finding: Finding
    claims: Sequence[Claim]
    dimensions: Dimensions

    @property
    def relation(self) -> str:
        return str(RELATIONS[self.finding.relation])

    @property
    def sentence(self) -> str:
        """The reason, and what the scope of only one of them gives."""
        main = _SENTENCES[self.finding.rule](self)
        return " ".join(one for one in (main, self._not_given()) if one)

    @property
    def words(self) -> dict[str, str]:
        """The values as they are written; the two are told apart by their refs where they are written alike."""
        first, second = (one.value_words() for one in (self.claims[0], self.claims[-1]))
        return {"first": first, "second": second}

    def differences(self) -> list[str]:
        """Each dimension in which both give a term, with the two terms."""
        return [
            _("%(dimension)s: %(first)s, against %(second)s")
            % {
                "dimension": self.dimensions.called(ref),
                "first": self.dimensions.term(ref, first),
                "second": self.dimensions.term(ref, second),
            }
            for ref, first, second in self.finding.told.get("scope", ())
            if first and second
        ]

    def _not_given(self) -> str:
        names = [
            self.dimensions.called(ref)
            for ref, first, second in self.finding.told.get("scope", ())
            if not (first and second)
        ]
        return (
            _("Not given by one of them: %(what)s.") % {"what": listed(names, _language())} if names else ""
        )


def said(finding: Finding, claims: Mapping[str, Claim], dimensions: Dimensions) -> Said | None:
    """The finding in words; None where one of its claims is not on the desk."""
    found = [claims[ref] for ref in finding.claims if ref in claims]
    return Said(finding, found, dimensions) if len(found) == len(finding.claims) else None


def _amount(one: Said, amount: str, at: int = 0) -> str:
    """An amount of the base unit as the claim writes it, in the claim's own unit."""
    claim = one.claims[at]
    noun, code = choose(claim.property.unit_label, _language())[0], str(one.finding.told["unit"])
    with suppress(QuantityError):  # the claim may have another unit by now: the base unit says it as well
        amount, code = str(convert(amount, code, claim.unit)), claim.unit
    return quantity(amount, code, noun, _language())


def _range(one: Said, at: int) -> str:
    low, high, low_open, high_open = one.finding.told["ranges"][at]
    if low is not None and low == high:
        return _("only %(amount)s") % {"amount": _amount(one, low, at)}
    if low is None or high is None:
        sign = (_("more than %(amount)s") if low_open else _("at least %(amount)s")) if high is None else (
            _("less than %(amount)s") if high_open else _("at most %(amount)s")
        )  # fmt: skip
        return sign % {"amount": _amount(one, low or high, at)}
    words = {"low": _amount(one, low, at), "high": _amount(one, high, at)}
    return _("%(low)s to %(high)s") % words


def _two(one: Said) -> dict[str, str]:
    """The words for two values and, where they are amounts or dates, for what these allow."""
    told = one.finding.told
    if "ranges" in told:
        return one.words | {"a": _range(one, 0), "b": _range(one, 1)}
    if "dates" in told:
        first, second = (time_label(text, _language()) for text in told["dates"])
        return {"first": first, "second": second, "a": first, "b": second}
    return one.words


def _apart(one: Said) -> str:
    told = one.finding.told
    if "ranges" in told:
        if all(low is not None and low == high for low, high, _lower, _upper in told["ranges"]):
            return _("“%(first)s” and “%(second)s” are given as exact, and differ.") % one.words
        return _("“%(first)s” allows %(a)s, “%(second)s” allows %(b)s: no amount is in both.") % _two(one)
    if "dates" in told:
        return _("%(first)s and %(second)s share no day.") % _two(one)
    return _("There is one right value at a time; “%(first)s” and “%(second)s” are two.") % one.words


def _inside(one: Said) -> str:
    if "ranges" in one.finding.told:
        return _("“%(first)s” (%(a)s) lies within “%(second)s” (%(b)s).") % _two(one)
    return _("%(first)s lies within %(second)s.") % _two(one)


def _overlap(one: Said) -> str:
    if "ranges" in one.finding.told:
        return _("“%(first)s” allows %(a)s, “%(second)s” allows %(b)s: they overlap.") % _two(one)
    return _("%(first)s and %(second)s may be the same day.") % _two(one)


def _dates(one: Said) -> str:
    forms: Mapping[str, Callable[[Said], str]] = {
        Relation.REFINED: _inside, Relation.CONTRADICTORY: _apart, Relation.COMPATIBLE: _overlap,
    }  # fmt: skip
    return forms.get(one.finding.relation, _same)(one)


def _same(one: Said) -> str:
    return _("Both say “%(first)s”.") % _two(one)


def _nothing(one: Said) -> str:
    if one.finding.relation == Relation.CONTRADICTORY:
        return (
            _("One says “%(first)s”, the other “%(second)s”: there is a value, or there is none.") % one.words
        )
    if one.finding.relation == Relation.EQUAL:
        return _same(one)
    return _("One says “%(first)s”, the other “%(second)s”: that denies nothing.") % one.words


def _another_question(one: Said) -> str:
    about = one.finding.told.get("about", ())
    parts = []
    for name, title in (("subject", _("subject")), ("property", _("property"))):
        if name in about:
            first, second = (label(getattr(claim, name)) for claim in (one.claims[0], one.claims[-1]))
            parts.append(
                _("%(dimension)s: %(first)s, against %(second)s")
                % {"dimension": title, "first": first, "second": second}
            )
    differ = _capital("; ".join([*parts, *one.differences()]))
    return _("They answer different questions. %(differ)s.") % {"differ": differ}


def _another_time(one: Said) -> str:
    first, second = (_span(*span) for span in one.finding.told["times"])
    return _("They hold at different times: %(first)s, and %(second)s.") % {"first": first, "second": second}


def _span(first: str | None, last: str | None) -> str:
    if first == last and first:
        return time_label(first, _language())
    return time_label(f"{first or '..'}/{last or '..'}", _language())


def _part(one: Said) -> str:
    told = one.finding.told
    words = {"part": _amount(one, told["part"]), "whole": _amount(one, told["whole"], -1)}
    return _("The part is at least %(part)s, its whole at most %(whole)s.") % words


def _sum(one: Said) -> str:
    told = one.finding.told
    words = {
        "sum": _amount(one, told["sum"]),
        "whole": _amount(one, told["whole"]),
        "number": len(one.claims) - 1,
    }
    if one.finding.rule == "sum_too_large":
        return _("The %(number)s parts add up to at least %(sum)s, their whole is at most %(whole)s.") % words
    return (
        _(
            "The %(number)s parts add up to at most %(sum)s, their whole is at least %(whole)s. If a part is missing, "
            "enter it; “not known” would do."
        )
        % words
    )


def _life(one: Said) -> str:
    told = one.finding.told
    words = {
        "day": time_label(told["day"], _language()) if told["day"] else "",
        "bound": time_label(told["bound"], _language()) if told["bound"] else "",
        "subject": label(one.claims[0].subject),
    }
    if told["side"] == "before":
        return _("%(day)s lies before %(subject)s began: %(bound)s at the earliest.") % words
    return _("%(day)s lies after %(subject)s ended: %(bound)s at the latest.") % words


_SENTENCES: Final[Mapping[str, Callable[[Said], str]]] = {
    "linked": lambda one: str(LINKS[one.finding.told["link"]]) % one.words,
    "misreport": lambda one: _("“%(first)s” misreports another claim, as linked.") % one.words,
    "another_question": _another_question,
    "one_event": _dates,
    "dates_of_one_question": _dates,
    "another_time": _another_time,
    "nothing_stated": _nothing,
    "other_unit": lambda one: _("“%(first)s” and “%(second)s” have no unit in common.") % one.words,
    "same_value": _same,
    "rounding": lambda one: _("“%(first)s” and “%(second)s” differ by no more than rounding.") % one.words,
    "one_inside": _inside,
    "overlap": _overlap,
    "several": lambda one: (
        _("The property may have several values: “%(first)s” and “%(second)s”.") % one.words
    ),
    "apart": _apart,
    "no_rule": lambda one: _("“%(first)s” and “%(second)s”: words, for you to compare.") % one.words,
    "part_too_large": _part,
    "sum_too_large": _sum,
    "sum_too_small": _sum,
    "outside_life": _life,
}


# A dispute to begin with ---------------------------------------------------------------------------------------


def draft(one: Said, verdict: str) -> dict[str, Any]:
    """The fields of a dispute about it, in English; an editor puts it into words of their own and translates."""
    with override(FALLBACK):
        first, last = one.claims[0], one.claims[-1]
        thing = {"property": label(first.property), "subject": label(first.subject)}
        return {
            "question": {FALLBACK: _capital(_("%(property)s of %(subject)s: which is right?") % thing)},
            "slug": _free(slugify(f"{first.property.slug}-of-{first.subject.slug}")[:90]),
            "verdict": verdict,
            "answer": {FALLBACK: _answer(one, verdict, [_attributed(claim) for claim in (first, last)])},
            "reason": {FALLBACK: one.sentence},
        }


def _answer(one: Said, verdict: str, values: Sequence[str]) -> str:
    words = {"first": values[0], "second": values[1]}
    if verdict == Dispute.Verdict.SUPERSEDED:
        return _("%(first)s; %(second)s is another version of it.") % words
    if verdict == Dispute.Verdict.COPY_ERROR:
        return _("%(second)s; %(first)s misreports it.") % words
    if verdict == Dispute.Verdict.DIFFERENT_SCOPE:
        differ = "; ".join(one.differences())
        answer = _("Both can hold: %(first)s, and %(second)s.") % words
        return f"{answer} {_capital(differ)}." if differ else answer
    return _("Either %(first)s or %(second)s.") % words


def _attributed(claim: Claim) -> str:
    said = {"value": claim.value_words(), "who": label(claim.asserted_by) if claim.asserted_by else ""}
    return _("%(value)s (says %(who)s)") % said if claim.asserted_by else said["value"]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _free(slug: str) -> str:
    """The slug, with a number where another dispute has it."""
    taken = set(Dispute.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    names = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _language() -> str:
    return get_language() or FALLBACK
