"""Claims: the statement, then what it covers, then what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from claims.actions.claims import ClaimDraft, EvidenceDraft, QuoteDraft, ValueDraft, save_claim
from claims.admin.asking import property_of, takes
from claims.admin.bulk import too_many
from claims.admin.counting import counted
from claims.admin.desk import DeskAdmin, StandingFilter
from claims.admin.drifting import beginning
from claims.admin.evidence import EvidenceInline, LinkInline, ScopeInline
from claims.admin.labels import label
from claims.admin.publishing import MOST, page_of
from claims.admin.searching import claims_matching
from claims.admin.spreadsheets import Exchange
from claims.admin.suspicions import against
from claims.admin.typing import TypedField, languages_of, settle
from claims.models import Claim, Evidence
from kb.admin import Cleaned, How, RootForm
from kb.lib.quantities import units
from kb.lib.refs import is_ref
from kb.lib.spoken import numeral
from kb.models import Root

BACK = "back"  # in the address of a new claim: the page of the desk where one goes on after saving it
LINKED = (
    "subject__id__exact",
    "value_entity__id__exact",
    "asserted_by__id__exact",
    "evidence__source__id__exact",
)


class UnitInput(forms.TextInput):
    """A unit's code, with the codes there are."""

    template_name = "django/forms/widgets/text.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "list": "units", "size": 8})


class ClaimForm(RootForm):
    """A claim's own fields. Figures and dates are typed as people type them."""

    aliases = {"value": "value_kind"}

    amount = TypedField(
        "amount",
        size=24,
        label=capfirst(_("amount")),
        help_text=_("1.6 billion, ৫০ হাজার, 1,6 tỷ, > 500 million USD, 5-10 million"),
    )
    upper_amount = TypedField(
        "amount", label=capfirst(_("upper amount")), help_text=_("Only of a range: 5 to 10 million.")
    )
    lower_bound = TypedField("amount", label=capfirst(_("lower bound")))
    upper_bound = TypedField(
        "amount",
        label=capfirst(_("upper bound")),
        help_text=_("Both or neither: 6 million, give or take 0.5."),
    )
    value_time = TypedField(
        "date", label=capfirst(_("time")), help_text=_("17 October 2023, মে ২০২৩, 2023-05")
    )
    point_in_time = TypedField("date", label=capfirst(_("point in time")))
    valid_from = TypedField("date", label=capfirst(_("valid from")))
    valid_to = TypedField("date", label=capfirst(_("valid to")))
    asserted_on = TypedField("date", label=capfirst(_("asserted on")))

    class Meta:
        widgets = {"unit": UnitInput}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        settle(cleaned, self.initial, languages_of(self.data), self.add_error)
        if not cleaned.get("amount") and "amount" not in self.errors:
            named = [self.fields[name].label for name in ("comparator", "unit") if cleaned.get(name)]
            if named:
                said = {"fields": ", ".join(f"“{name}”" for name in named)}
                self.add_error(
                    "amount", _("An amount is missing; or take out what stands in %(fields)s.") % said
                )
        return cleaned


class ClaimAdmin(Exchange, DeskAdmin):
    form = ClaimForm
    inlines = (ScopeInline, EvidenceInline, LinkInline)
    autocomplete_fields = ("subject", "property", "asserted_by", "value_entity")
    change_form_template = "admin/claim_change_form.html"
    actions = ("review_selected", "change_selected")
    list_display = ("statement", "value", "said_by", "covering", "evidence_number", "rank", "standing")
    list_display_links = ("statement",)
    list_filter = (
        StandingFilter,
        "state",
        "rank",
        "mode",
        "method",
        "value_kind",
        ("subject__kind", admin.ChoicesFieldListFilter),
        ("property", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("ref",)
    search_help_text = _(
        "Names in any language and script, a property, a ref; a figure or a date as people write them: 1.6 billion, "
        "৫০ হাজার, > 5 million USD, May 2023."
    )
    fieldsets = (
        (None, {"fields": ("subject", "property")}),
        (
            _("Value"),
            {
                "fields": (
                    "value_kind",
                    ("comparator", "amount", "upper_amount", "unit"),
                    ("lower_bound", "upper_bound"),
                    "value_entity",
                    "value_time",
                    "value_text",
                ),
                "description": _(
                    "One of amount, entity, time and text, as the property asks. “More than 500 million” is more "
                    "than, not exactly; “about 6 million” means 5.5 to 6.5 million unless you give bounds."
                ),
            },
        ),
        (_("Who says so, and when"), {"fields": ("asserted_by", ("asserted_on", "mode", "method"))}),
        (
            _("When it holds"),
            {
                "fields": (("point_in_time", "valid_from", "valid_to"),),
                "description": _(
                    "A point or a span, no finer than the evidence: 2023; May 2023; 2023-05~ is about May, where the "
                    "source says “around”; 2023? is uncertain, where you doubt the source; 2023-10/.. is since October."
                ),
            },
        ),
        (
            _("Standing among others"),
            {
                "fields": ("rank", "rank_reason", "note"),
                "description": _(
                    "Preferred is the best answer we have, such as the audited figure; deprecated is known wrong, "
                    "such as a figure that lost a digit. Both need a reason. Disputed claims stay normal."
                ),
            },
        ),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        begun = beginning(request)
        return begun.fields if begun else super().get_changeform_initial_data(request)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The rows that a new claim begins with; a form that was sent brings its own."""
        found: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        begun = None if request.method == "POST" or (obj and obj.pk) else beginning(request)
        if begun:
            found["initial"] = begun.of(prefix)
        return found

    def for_list(self, queryset: Any) -> Any:
        return (
            super()
            .for_list(queryset)
            .annotate(evidence_count=counted(Evidence, "claim"))
            .prefetch_related("scope__term", "scope__dimension")
        )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in LINKED or super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if is_ref(term):
            return queryset.filter(ref=term), False
        return queryset.filter(claims_matching(term)), False

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["against"] = against(obj) if obj is not None and obj.pk else []
        context["may_dispute"] = request.user.has_perm("claims.add_dispute")
        context["takes"] = takes(context["adminform"].form, property_of(request, obj))
        context["units"] = [unit.code for unit in units().values() if unit.dimension != "currency"]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to where the claim was asked for."""
        back, desk = request.GET.get(BACK, ""), reverse("admin:index")
        if back.startswith(desk) and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return HttpResponseRedirect(back)
        return super().response_post_save_add(request, obj)

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        return save_claim(claim_draft(own, children), **how)

    @admin.action(description=_("Change selected, or submit them for review…"), permissions=["change"])
    def change_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        refs = list(queryset.order_by("ref").values_list("ref", flat=True)[: MOST + 1])
        if len(refs) > MOST:
            too_many(request, refs)
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(page_of("admin:bulk", refs))

    @admin.display(description=_("claim"), ordering="subject__slug")
    def statement(self, claim: Claim) -> SafeString:
        return format_html(
            '<span class="subject">{}</span> <span class="property">{}</span>',
            label(claim.subject),
            label(claim.property),
        )

    @admin.display(description=_("value"), ordering="base_lower")
    def value(self, claim: Claim) -> SafeString:
        words = claim.value_words()
        return format_html('<span class="value" title="{}">{}</span>', words, Truncator(words).chars(70))

    @admin.display(description=_("asserted by"), ordering="asserted_by__slug")
    def said_by(self, claim: Claim) -> str:
        return label(claim.asserted_by) if claim.asserted_by else ""

    @admin.display(description=_("scope"))
    def covering(self, claim: Claim) -> SafeString:
        terms = [(str(one.dimension), str(one.term)) for one in claim.scope.all()]
        return format_html_join(" ", '<span class="term" title="{}">{}</span>', terms)

    @admin.display(description=_("evidence"), ordering="evidence_count")
    def evidence_number(self, claim: Any) -> str:
        return numeral(claim.evidence_count)


def claim_draft(own: Cleaned, children: Mapping[str, list[Cleaned]]) -> ClaimDraft:
    """The forms' cleaned data as an action's draft."""
    return ClaimDraft(
        subject=own["subject"],
        property=own["property"],
        value=ValueDraft(
            kind=own["value_kind"],
            comparator=own["comparator"],
            amount=own["amount"],
            upper_amount=own["upper_amount"],
            unit=own["unit"],
            lower_bound=own["lower_bound"],
            upper_bound=own["upper_bound"],
            entity=own["value_entity"],
            text=own["value_text"],
            time=own["value_time"],
        ),
        scope=[one["term"] for one in children["scope"]],
        links=[(one["relation"], one["target"]) for one in children["links"]],
        evidence=[_evidence_draft(one) for one in children["evidence"]],
        **{name: own[name] for name in SAME},
    )


SAME = (
    "point_in_time", "valid_from", "valid_to", "asserted_by", "asserted_on", "mode", "method", "rank", "rank_reason",
    "note",
)  # fmt: skip


def _evidence_draft(row: Cleaned) -> EvidenceDraft:
    quote = None
    if row["exact"]:
        quote = QuoteDraft(
            snapshot=row["snapshot"],
            exact=row["exact"],
            prefix=row["prefix"],
            suffix=row["suffix"],
            start=row["start"],
            end=row["end"],
        )
    return EvidenceDraft(
        source=row["source"],
        stance=row["stance"],
        original_value=row["original_value"],
        quote=quote,
        locator=row["locator"],
        translation=row["translation"],
        drift=row["drift"],
        figure_source=row["figure_source"],
        note=row["note"],
    )
