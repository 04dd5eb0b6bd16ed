"""The desk's front page: what is used most first, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework_api_key.models import APIKey

from claims.admin.asking import asks_view
from claims.admin.borrowed import WordsOfScripts
from claims.admin.bulk import bulk_view
from claims.admin.captures import CaptureAttemptAdmin, capture_view
from claims.admin.claims import ClaimAdmin
from claims.admin.comparing import compare_view
from claims.admin.disputes import DisputeAdmin, TimelineAdmin
from claims.admin.dossiers import dossier_view
from claims.admin.drafts import told_when_saved
from claims.admin.drifting import drift_view
from claims.admin.embargoes import embargo_view
from claims.admin.entities import (
    AIModelAdmin,
    CompanyAdmin,
    EventAdmin,
    EveryEntityAdmin,
    FacilityAdmin,
    HardwareAdmin,
    OrganizationAdmin,
    PersonAdmin,
    PolicyAdmin,
    PublicationAdmin,
    TechniqueAdmin,
)
from claims.admin.half_lives import HalfLifeAdmin
from claims.admin.kinships import kinship_view, kinships_view
from claims.admin.labels import long_label
from claims.admin.offering import offered_sources_view
from claims.admin.pages import PageAdmin
from claims.admin.partners import PartnerKeyAdmin
from claims.admin.people import Grouping, Limited
from claims.admin.preferences import preferences_view
from claims.admin.presence import presence_view
from claims.admin.publishing import approve_view, review_view, withdraw_view
from claims.admin.queue_pages import front, queue_view
from claims.admin.reading import read_view
from claims.admin.reports import ReportAdmin
from claims.admin.reverting import reverse_view, revert_view
from claims.admin.schedules import schedule_view, schedules_view
from claims.admin.shortcuts import shortcuts_view
from claims.admin.sources import PublisherAdmin, SnapshotAdmin, SourceAdmin
from claims.admin.spreadsheets import import_view
from claims.admin.suspicions import LifeBoundAdmin, suspicions_view
from claims.admin.talk import notices_view, talk_view, unread
from claims.admin.typing import typed_view
from claims.admin.vocabulary import PropertyAdmin, ScopeDimensionAdmin
from claims.models import (
    CaptureAttempt,
    Claim,
    Dispute,
    HalfLife,
    LifeBound,
    Page,
    PartnerKey,
    Property,
    Publisher,
    Report,
    ScopeDimension,
    Snapshot,
    Source,
    Timeline,
)
from companies.models import (
    AIModel,
    Company,
    Entity,
    Event,
    Facility,
    Hardware,
    Organization,
    Person,
    Policy,
    Publication,
    Technique,
)

ADMINS: Mapping[type[Model], type[Any]] = {
    Company: CompanyAdmin, Hardware: HardwareAdmin, AIModel: AIModelAdmin, Claim: ClaimAdmin, Source: SourceAdmin,
    Dispute: DisputeAdmin, Timeline: TimelineAdmin, Page: PageAdmin, Organization: OrganizationAdmin,
    Person: PersonAdmin, Technique: TechniqueAdmin, Policy: PolicyAdmin, Event: EventAdmin, Facility: FacilityAdmin,
    Publication: PublicationAdmin, Entity: EveryEntityAdmin, Property: PropertyAdmin,
    ScopeDimension: ScopeDimensionAdmin, Publisher: PublisherAdmin, Snapshot: SnapshotAdmin,
    CaptureAttempt: CaptureAttemptAdmin, HalfLife: HalfLifeAdmin, LifeBound: LifeBoundAdmin, Report: ReportAdmin,
    PartnerKey: PartnerKeyAdmin,
}  # fmt: skip

# The sections of the index, in order, by the models' names; what is not named here comes last.
SECTIONS: Sequence[tuple[Any, Sequence[str]]] = (
    (_("The desk"), ("Company", "Hardware", "AIModel", "Claim", "Source")),
    (_("Editorial"), ("Dispute", "Timeline", "Page", "CaptureAttempt", "Report")),
    (_("More of the registry"), ("Organization", "Person", "Technique", "Policy", "Event", "Facility", "Publication",
                                 "Entity")),
    (_("Vocabulary and publishers"), ("Property", "HalfLife", "LifeBound", "ScopeDimension", "Publisher")),
    (_("People"), ("User", "Group", "PartnerKey")),
)  # fmt: skip


class LabelledAutocomplete(AutocompleteJsonView):
    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(obj, to_field_name) | {"text": long_label(obj)}


class DeskSite(admin.AdminSite):
    site_title = "Claimbook"
    site_header = "Claimbook"
    index_title = _("The desk")
    empty_value_display = "–"
    enable_nav_sidebar = False  # lists need the width; the masthead has the way to what is used most

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        for model, model_admin in ADMINS.items():
            self.register(model, model_admin)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else (model_or_iterable,)
        if User in models:  # registered by django.contrib.auth itself
            admin_class = type("UserAdmin", (Limited, admin_class), {})
        if APIKey in models:
            return  # of the library's own kind there are none: partners have PartnerKey
        if Group in models:
            admin_class = type("GroupAdmin", (Grouping, admin_class), {})
        super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(told_when_saved(view), cacheable)

    def get_urls(self) -> list[Any]:
        def page(view: Any) -> Any:
            return self.admin_view(partial(view, self))

        return [
            path("review/", page(review_view), name="review"),
            path("approve/", page(approve_view), name="approve"),
            path("withdraw/", page(withdraw_view), name="withdraw"),
            path("queues/<slug:slug>/", page(queue_view), name="queue"),
            path("suspicions/", page(suspicions_view), name="suspicions"),
            path("kinships/", page(kinships_view), name="kinships"),
            path("kinships/<int:number>/", page(kinship_view), name="kinship"),
            path("drift/", page(drift_view), name="drift"),
            path("bulk/", page(bulk_view), name="bulk"),
            path("talk/<str:ref>/", page(talk_view), name="talk"),
            path("notices/", page(notices_view), name="notices"),
            path("schedule/", page(schedule_view), name="schedule"),
            path("schedules/", page(schedules_view), name="schedules"),
            path("embargo/<str:ref>/", page(embargo_view), name="embargo"),
            path("compare/<str:ref>/", page(compare_view), name="compare"),
            path("compare/<str:ref>/back-to/<int:version>/", page(revert_view), name="revert"),
            path("editions/<int:number>/reverse/", page(reverse_view), name="reverse"),
            path("presence/<str:ref>/", page(presence_view), name="presence"),
            path(
                "claims/source/capture/",
                self.admin_view(csrf_exempt(partial(capture_view, self))),
                name="capture",
            ),
            path("claims/source/<str:ref>/read/", page(read_view), name="claims_source_read"),
            path("typed/", page(typed_view), name="typed"),
            path("claims/source/offered/", page(offered_sources_view), name="offered_sources"),
            path("asks/<int:key>/", page(asks_view), name="asks"),
            path("shortcuts/", page(shortcuts_view), name="shortcuts"),
            path("preferences/", page(preferences_view), name="preferences"),
            path("import/dossier/", page(dossier_view), name="import_dossier"),
            path("import/<str:kind>/", page(import_view), name="import_table"),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps: list[Any] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        sections = []
        for number, (title, names) in enumerate(SECTIONS):
            chosen = [models.pop(name) for name in names if name in models]
            if chosen:
                sections.append(
                    {
                        "name": title,
                        "app_label": f"section-{number}",
                        "app_url": reverse("admin:index", current_app=self.name),
                        "has_module_perms": True,
                        "models": chosen,
                    }
                )
        for app in apps:
            rest = [model for model in app["models"] if model["object_name"] in models]
            if rest:
                sections.append(app | {"models": rest})
        return sections

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().index(request, front(request) | (extra_context or {}))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return context | {"unread_notices": unread(request) if context["has_permission"] else 0}

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return WordsOfScripts.as_view(packages=["django.contrib.admin"])(request)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return LabelledAutocomplete.as_view(admin_site=self)(request)
