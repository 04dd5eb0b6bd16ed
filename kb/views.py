"""The first page, the page about the site, health, and the pages for what went wrong."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.views.home import front
from claims.views.kinds import KINDS
from claims.views.reading import Reading, base_of, page, show
from kb.lib import look as sheets


@page
def home(request: HttpRequest, reading: Reading) -> HttpResponse:
    """What this is, at a glance."""
    return show(request, reading, "kb/home.html", front(reading))


@page
def llms(request: HttpRequest, reading: Reading) -> HttpResponse:
    """What an assistant should know to quote us with references (the llms.txt convention: Markdown, links)."""
    context = {"base": base_of(request), "edition": reading.as_of.number, "kinds": KINDS}
    return render(request, "llms.txt", context, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def look(request: HttpRequest, version: str) -> HttpResponse:
    """The style of every page. What stands at an address never changes; a version that is past leads to the present."""
    text, present = sheets.look()
    if version != present:
        return redirect("look", version=present)
    answer = HttpResponse(text, content_type="text/css; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=31_536_000, immutable=True)
    return answer


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; else 503."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "the database does not answer"}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "reason": "migrations are pending"}, status=503)
    return JsonResponse({"status": "ready"})


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that cannot be read."""
    return render(request, "400.html", {"fault": ""}, status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The account lacks a right: say so, and the way back. Reads no database."""
    return render(request, "403.html", {"on_desk": _on_desk(request)}, status=403)


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this session (CSRF): say what has happened, and the way back. Reads no database."""
    context = {"on_desk": _on_desk(request), "path": request.path}
    return render(request, "403_csrf.html", context, status=403)


def _on_desk(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


@login_not_required
@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """The site's mark, where browsers ask for it unasked."""
    mark = finders.find("img/mark.svg")
    if not isinstance(mark, str):
        raise Http404("the mark is missing from the static files")
    answer = HttpResponse(Path(mark).read_bytes(), content_type="image/svg+xml")
    patch_cache_control(answer, public=True, max_age=86_400)
    return answer


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page has this address: say what there is instead. Reads no database."""
    return render(request, "404.html", {"path": request.path}, status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. Reads no database and no context."""
    return render(request, "500.html", status=500)
