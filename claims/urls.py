"""Addresses of the reader pages, relative to the language's prefix."""

from django.urls import URLPattern, path

from claims.views.claims import cited, claim, claim_list
from claims.views.comparing import compare
from claims.views.disputes import dispute, dispute_list
from claims.views.editions import corrections, edition, edition_list
from claims.views.entities import entity, entity_list
from claims.views.gallery import gallery
from claims.views.kinds import KINDS
from claims.views.properties import property_list, property_page
from claims.views.search import opensearch, search_page, suggest
from claims.views.sources import source, source_list
from claims.views.taking import embedded, picture, shared
from claims.views.timelines import timeline, timeline_as, timeline_list

app_name = "claims"

_entities: list[URLPattern] = []
for kind in KINDS:
    _entities += [
        path(f"{kind.path}/", entity_list, {"kind": kind.code}, name=f"{kind.code}-list"),
        path(f"{kind.path}/<slug:key>/", entity, {"kind": kind.code}, name=kind.code),
    ]

_TAKEN = (("timeline", "timelines"), ("dispute", "disputes"), ("property", "properties"))
_taken = [
    path(f"{folder}/<slug:key>.svg", picture, {"kind": kind}, name=f"{kind}-svg") for kind, folder in _TAKEN
] + [
    path(f"embed/{folder}/<slug:key>/", embedded, {"kind": kind}, name=f"embed-{kind}")
    for kind, folder in (*_TAKEN, ("claim", "claims"))
]

urlpatterns = [
    *_entities,
    *_taken,
    path("claims/", claim_list, name="claim-list"),
    path("claims/<slug:ref>/", claim, name="claim"),
    path("claims/<slug:ref>/cite.txt", cited, {"form": "txt"}, name="cite-txt"),
    path("claims/<slug:ref>/cite.bib", cited, {"form": "bib"}, name="cite-bib"),
    path("claims/<slug:ref>/cite.json", cited, {"form": "json"}, name="cite-json"),
    path("claims/<slug:key>/share.png", shared, {"kind": "claim"}, name="claim-share"),
    path("disputes/<slug:key>/share.png", shared, {"kind": "dispute"}, name="dispute-share"),
    path("sources/", source_list, name="source-list"),
    path("sources/<slug:key>/", source, name="source"),
    path("disputes/", dispute_list, name="dispute-list"),
    path("disputes/<slug:key>/", dispute, name="dispute"),
    path("timelines/", timeline_list, name="timeline-list"),
    path("timelines/<slug:key>/", timeline, name="timeline"),
    path("timelines/<slug:key>.json", timeline_as, {"form": "json"}, name="timeline-json"),
    path("timelines/<slug:key>.csv", timeline_as, {"form": "csv"}, name="timeline-csv"),
    path("timelines/<slug:key>.atom", timeline_as, {"form": "atom"}, name="timeline-atom"),
    path("properties/", property_list, name="property-list"),
    path("properties/<slug:key>/", property_page, name="property"),
    path("gallery/", gallery, name="gallery"),
    path("search/", search_page, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("compare/<slug:ref>/", compare, name="compare"),
    path("editions/", edition_list, name="edition-list"),
    path("editions/<int:number>/", edition, name="edition"),
    path("corrections/", corrections, name="corrections"),
]
