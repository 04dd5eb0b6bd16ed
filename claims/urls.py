"""Addresses of the reader pages, relative to the language's prefix."""

from django.urls import URLPattern, path

from claims.views.claims import claim, claim_list
from claims.views.disputes import dispute, dispute_list
from claims.views.editions import edition, edition_list
from claims.views.entities import entity, entity_list
from claims.views.kinds import KINDS
from claims.views.sources import source, source_list
from claims.views.timelines import timeline, timeline_list

app_name = "claims"

_entities: list[URLPattern] = []
for kind in KINDS:
    _entities += [
        path(f"{kind.path}/", entity_list, {"kind": kind.code}, name=f"{kind.code}-list"),
        path(f"{kind.path}/<slug:key>/", entity, {"kind": kind.code}, name=kind.code),
    ]

urlpatterns = [
    *_entities,
    path("claims/", claim_list, name="claim-list"),
    path("claims/<slug:ref>/", claim, name="claim"),
    path("sources/", source_list, name="source-list"),
    path("sources/<slug:key>/", source, name="source"),
    path("disputes/", dispute_list, name="dispute-list"),
    path("disputes/<slug:key>/", dispute, name="dispute"),
    path("timelines/", timeline_list, name="timeline-list"),
    path("timelines/<slug:key>/", timeline, name="timeline"),
    path("editions/", edition_list, name="edition-list"),
    path("editions/<int:number>/", edition, name="edition"),
]
