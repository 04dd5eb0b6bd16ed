"""The OpenAPI document, and a browser for it that loads nothing from elsewhere and runs nothing inline."""

from __future__ import annotations

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


class SchemaView(SpectacularAPIView):
    """The document as JSON; as YAML for who asks for it (`Accept: application/yaml`)."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2]
    permission_classes = (AllowAny,)
    schema = None


@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")  # the arrows in its style sheet
class DocsView(SpectacularSwaggerSplitView):
    """The document to click through and to try out."""

    permission_classes = (AllowAny,)
    schema = None
    template_name = "api/docs.html"
    url_name = "api-schema"
    title = "Claimbook API"
