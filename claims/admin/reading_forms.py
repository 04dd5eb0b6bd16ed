"""The short form of the reading desk: a new claim out of words of the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims.actions.claims import ClaimDraft, ValueDraft
from claims.admin.labels import label
from claims.admin.typing import DATES, TypedField, TypedInput, settle
from claims.extraction.results import Figure
from claims.models import Comparator, DataType, Method, Mode, Property, Stance
from claims.suggesting.results import Suggestion
from claims.suggesting.values import TIMES, unit_of
from companies.models import Entity
from kb.lib.forms import ProseField, ProseWidget
from kb.lib.prose import FALLBACK
from kb.lib.text import fold

MOST_ALIKE: Final = 5  # entities that a refusal names
SCOPE: Final = "scope-"


class EntityField(forms.CharField):
    """An entity by its slug or by one of its names; those named in the article are offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 200} | kwargs))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(
            Entity.objects.filter(merged_into=None, slug=text)
            or Entity.objects.filter(merged_into=None, names__folded=fold(text)).distinct()[: MOST_ALIKE + 1]
        )
        if not found:
            raise ValidationError(
                _("Nothing in the registry has this slug or name: write one, or add it first.")
            )
        if len(found) > 1:
            slugs = ", ".join(sorted(one.slug for one in found[:MOST_ALIKE]))
            raise ValidationError(
                _("Several have this name; write one of these: %(slugs)s.") % {"slugs": slugs}
            )
        return found[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or "") != (data or ""))


class ReadingForm(forms.Form):
    """A claim about words of an article. The property decides which value it takes and which scope it needs."""

    subject = EntityField(label=gettext_lazy("Subject"))
    property = forms.ChoiceField(label=gettext_lazy("Property"))
    comparator = forms.ChoiceField(
        label=gettext_lazy("Comparator"), choices=Comparator.choices, required=False
    )
    amount = TypedField("amount", label=gettext_lazy("Amount"))
    upper_amount = TypedField("amount", label=gettext_lazy("Up to"))
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False)
    value_time = TypedField("date", label=gettext_lazy("Time"))
    value_entity = EntityField(label=gettext_lazy("Value"), required=False)
    value_text = ProseField(label=gettext_lazy("Value"), required=False)
    asserted_by = EntityField(label=gettext_lazy("Asserted by"), required=False)
    asserted_on = TypedField("date", label=gettext_lazy("Asserted on"))
    point_in_time = TypedField("date", label=gettext_lazy("When it holds"))
    mode = forms.ChoiceField(label=gettext_lazy("Mode"), choices=Mode.choices)
    method = forms.ChoiceField(
        label=gettext_lazy("Method"), choices=[("", "–"), *Method.choices], required=False
    )
    stance = forms.ChoiceField(label=gettext_lazy("These words"), choices=Stance.choices)
    printed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    VALUES: Mapping[str, Sequence[str]] = {
        DataType.AMOUNT: ("comparator", "amount", "upper_amount", "unit"),
        DataType.TIME: ("value_time",),
        DataType.ENTITY: ("value_entity",),
        DataType.TEXT: ("value_text",),
    }

    def __init__(
        self,
        data: Any = None,
        *,
        groups: Sequence[Any],
        vocabulary: Sequence[Property],
        language: str,
        **kwargs: Any,
    ) -> None:
        """`groups` are the choices of properties, the likely ones first; `language` is the article's."""
        super().__init__(data, **kwargs)
        self.language = language
        self.fields["property"].choices = groups  # type: ignore[attr-defined]
        chosen = self["property"].value()
        self.chosen = next((one for one in vocabulary if one.slug == chosen), None)
        self.dimensions = list(self.chosen.required_scope.all()) if self.chosen else []
        for dimension in self.dimensions:
            self.fields[SCOPE + dimension.slug] = forms.ChoiceField(
                label=str(dimension),
                required=False,
                choices=[("", "–"), *((term.slug, str(term)) for term in dimension.terms.all())],
            )
        wanted = self.VALUES[self.chosen.data_type] if self.chosen else ()
        for name in (name for names in self.VALUES.values() for name in names if name not in wanted):
            del self.fields[name]
        for name in ("subject", "asserted_by", "value_entity"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"list": "named-here", "class": "vTextField", "dir": "auto"}
        for name, field in self.fields.items():
            if isinstance(field.widget, TypedInput):
                field.widget.languages = [language]
            if name in DATES:
                field.widget.attrs |= {"placeholder": "2023-05~", "list": "dates-here"}
        if "unit" in self.fields:
            self.fields["unit"].widget.attrs |= {"list": "units", "size": 8}

    def clean(self) -> dict[str, Any]:
        """Figures and dates in the desk's notation; what is proposed stands as it is unless it was changed."""
        given = self.cleaned_data | {"property": self.chosen}
        settle(given, self.initial, [get_language() or FALLBACK, self.language], self.add_error)
        return given | {"property": self.cleaned_data.get("property")}

    def begin_at(self, name: str = "") -> None:
        """Where the keyboard is when the page opens: at the first fault, else at the field `name`."""
        faulty = next((one for one in self.fields if one in self.errors), "")
        self.fields[faulty or name or "subject"].widget.attrs["autofocus"] = True

    def scope_rows(self) -> list[Any]:
        return [self[SCOPE + dimension.slug] for dimension in self.dimensions]

    def value_rows(self) -> list[Any]:
        return [self[name] for name in self.VALUES.get(self.chosen.data_type if self.chosen else "", ())]

    @classmethod
    def as_typed(cls, data: Mapping[str, str]) -> dict[str, Any]:
        """What somebody has typed so far, to fill in a form for another property."""
        text = ProseWidget().value_from_datadict(data, None, "value_text")
        return {name: data[name] for name in data} | {"value_text": text}

    def refuse(self, faults: Mapping[str, Sequence[str]]) -> None:
        """Show what the action refused where the form has the field, else above it."""
        for path, lines in faults.items():
            name = path if path in self.fields else None
            self.add_error(name, [line if name or not path else f"{path}: {line}" for line in lines])

    def draft(self) -> ClaimDraft:
        """What the form says, without its evidence."""
        given = self.cleaned_data
        terms = {
            (dimension.slug, term.slug): term
            for dimension in self.dimensions
            for term in dimension.terms.all()
        }
        chosen = [terms.get((one.slug, given[SCOPE + one.slug])) for one in self.dimensions]
        assert self.chosen is not None  # noqa: S101  the property is a valid choice
        return ClaimDraft(
            subject=given["subject"],
            property=self.chosen,
            value=ValueDraft(
                comparator=given.get("comparator", "") if given.get("amount") else "",
                amount=given.get("amount", ""),
                upper_amount=given.get("upper_amount", ""),
                unit=given.get("unit", "") if given.get("amount") else "",
                entity=given.get("value_entity"),
                text=given.get("value_text") or {},
                time=given.get("value_time", ""),
            ),
            scope=[term for term in chosen if term is not None],
            **{
                name: given[name]
                for name in ("asserted_by", "asserted_on", "point_in_time", "mode", "method")
            },
        )


def first_values(found: Suggestion, words: str, language: str) -> dict[str, Any]:
    """What the form holds before an editor has touched it; `words` are the ones quoted."""
    best = found.properties[0].property if found.properties and found.properties[0].is_likely() else ""
    values: dict[str, Any] = {
        "subject": found.who[0] if found.who else "",
        "property": best or (found.properties[0].property if found.properties else ""),
        "asserted_by": found.asserted_by,
        "mode": Mode.ATTRIBUTED,
        "stance": Stance.SUPPORTS,
        "value_text": {language: words},
        "value_entity": found.about[0] if found.about else "",
        "printed": found.figure.printed if found.figure else "",
    }
    values |= {SCOPE + one.dimension: one.term for one in found.terms}
    return values | (_value(found.figure) if found.figure else {})


def _value(figure: Figure) -> dict[str, str]:
    if figure.kind in TIMES:
        return {"value_time": figure.value or ""}
    return {
        "comparator": figure.comparator,
        "amount": figure.value or "",
        "upper_amount": figure.value_max or "",
        "unit": unit_of(figure),
    }


def groups(found: Suggestion, vocabulary: Sequence[Property]) -> list[Any]:
    """The properties to choose from: those that something speaks for, those that fit, and all the others."""
    by_slug = {one.slug: one for one in vocabulary}
    likely = [one.property for one in found.properties if one.is_likely()]
    fitting = [one.property for one in found.properties if not one.is_likely()]
    others = sorted(set(by_slug) - {*likely, *fitting})

    def choices(slugs: Sequence[str]) -> list[tuple[str, str]]:
        return [(slug, label(by_slug[slug])) for slug in slugs]

    named = ((_("Likely"), likely), (_("Of this kind of value"), fitting), (_("Others"), others))
    return [(name, choices(slugs)) for name, slugs in named if slugs]
