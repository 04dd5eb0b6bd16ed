"""The first page, the page about the site, health, and the pages for what went wrong."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
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
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page has this address: say what there is instead. Reads no database."""
    return render(request, "404.html", {"path": request.path}, status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. Reads no database and no context."""
    return render(request, "500.html", status=500)
