"""The root of the REST API, /api/v1/, and of its documentation, /api/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from claims.api.openapi.documentation import DocsView, SchemaView
from claims.api.reading.editions import ChangeViewSet, EditionViewSet
from claims.api.reading.exporting import ExportViewSet
from claims.api.reading.index import IndexViewSet
from claims.api.reading.matching import MatchViewSet
from claims.api.reading.searching import SearchViewSet
from claims.api.reading.views import (
    ClaimViewSet,
    DisputeViewSet,
    EntityViewSet,
    NowhereView,
    PropertyViewSet,
    SourceViewSet,
    TimelineViewSet,
    entities_of,
)
from claims.ledger.addresses import PLURAL

router = SimpleRouter()
router.register("claims", ClaimViewSet, basename="api-claim")
router.register("entities", EntityViewSet, basename="api-entity")
router.register("sources", SourceViewSet, basename="api-source")
router.register("properties", PropertyViewSet, basename="api-property")
router.register("disputes", DisputeViewSet, basename="api-dispute")
router.register("timelines", TimelineViewSet, basename="api-timeline")
router.register("editions", EditionViewSet, basename="api-edition")
router.register("changes", ChangeViewSet, basename="api-change")
router.register("search", SearchViewSet, basename="api-search")
router.register("match", MatchViewSet, basename="api-match")
router.register("exports", ExportViewSet, basename="api-exports")
for kind, plural in PLURAL.items():
    router.register(plural, entities_of(kind), basename=f"api-{kind}")


def _open(urls: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Reading needs no login; DRF's permission classes guard each view instead."""
    for url in urls:
        if isinstance(url, URLPattern):
            url.callback = login_not_required(url.callback)
    return urls


urlpatterns = _open(
    [
        path("", IndexViewSet.as_view({"get": "list"}), name="api-index"),
        *router.urls,
        path("exports/<str:key>", ExportViewSet.as_view({"get": "download"}), name="api-export"),
        re_path("", NowhereView.as_view(), name="api-nowhere"),
    ]
)
documentation_urls = _open(
    [
        path("schema/", SchemaView.as_view(), name="api-schema"),
        path("docs/", DocsView.as_view(), name="api-docs"),
    ]
)
