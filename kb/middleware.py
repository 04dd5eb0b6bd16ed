"""Django's own middleware, less what would split a shared cache."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from kb.lib.markdown import markdown
from kb.models import Preference


class Compressed(GZipMiddleware):
    """What the public reads goes out compressed. The desk does not: there, secrets stand beside what people type."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        packed = response.headers.get("Content-Type", "").startswith("image/png")
        if packed or request.path.startswith(reverse("admin:index")):
            return response
        return super().process_response(request, response)


class LanguageOfThePath(LocaleMiddleware):
    """The language is the path's and nothing else's, so answers vary by address only."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", get_language() or "en")
        return response


class DeskAsWished:
    """The desk in the language and time zone of whoever works at it; after it, all is as it was. Public pages pass by.

    Stands after authentication. The choice costs one query, and nobody's session is read outside of the desk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        with Preference.of(request.user.pk).applied():
            answer = self.get_response(request)
            answer.headers.setdefault("Content-Language", get_language() or "en")
            return answer


class LoginRequired(LoginRequiredMiddleware):
    """Every view needs a login unless it says otherwise; one that does is served without reading the session."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class AsMarkdown:
    """A public page in Markdown for whoever prefers `text/markdown` to HTML: the same page, to be quoted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not getattr(answer, "is_page", False):
            return answer
        patch_vary_headers(answer, ["Accept"])
        if _prefers_markdown(request):
            answer.content = markdown(answer.content.decode(), request.build_absolute_uri()).encode()
            answer["Content-Type"] = "text/markdown; charset=utf-8"
            if answer.has_header("Content-Length"):
                answer["Content-Length"] = str(len(answer.content))
        return answer


def _prefers_markdown(request: HttpRequest) -> bool:
    try:
        return request.get_preferred_type(["text/html", "text/markdown"]) == "text/markdown"
    except ValueError:  # an Accept header that Django cannot read
        return False
