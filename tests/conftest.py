"""Fixtures for all tests, and the second database of `make test`."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.template import Context, RequestContext, Template
from django.utils import translation
from django.utils.safestring import SafeString
from pytest_django.plugin import DjangoDbBlocker

from tests.postgres import Cluster
from tests.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
_cluster: list[Cluster] = []


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and config.getoption("dist", "no") == "each":
        _cluster.append(Cluster())
        os.environ["CLAIMBOOK_TEST_POSTGRES"] = _cluster[0].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _cluster:
        _cluster.pop().stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With two workers each runs every test that touches a database.

    Of what runs once, the first gets what drives a browser, the second the rest: so they end at about the same time.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None or "CLAIMBOOK_TEST_POSTGRES" not in os.environ:
        return
    others = [item for item in items if _only_worker(item) not in ("", worker)]
    config.hook.pytest_deselected(items=others)
    skipped = set(others)
    items[:] = [item for item in items if item not in skipped]


def pytest_collection_finish() -> None:
    """All modules and tests stay to the end: the garbage collector need not search them again and again."""
    gc.collect()
    gc.freeze()


def _only_worker(item: pytest.Item) -> str:
    """Which of two workers runs the test alone; "" where both do."""
    if item.get_closest_marker("browser") is not None:
        return "gw0"
    is_shared = _uses_database(item) and item.get_closest_marker("once") is None
    return "" if is_shared else "gw1"


def _uses_database(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or bool({"db", "transactional_db"} & set(names))


@pytest.fixture(autouse=True)
def _files(settings: object, tmp_path: Path) -> None:
    """Snapshots go to this test's own folder."""
    storages = dict(settings.STORAGES)  # type: ignore[attr-defined]
    storages["default"] = storages["default"] | {"OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = storages  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A page asked for in another language leaves it active in the thread; the next test starts afresh."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages(django_test_environment: None) -> Iterator[None]:
    """`answer.context` is the page's own. Django copies that of each widget too, which takes a fifth longer."""
    noted: Callable[[Template, Context], SafeString] = Template._render  # type: ignore[attr-defined]

    def render(template: Template, context: Context) -> SafeString:
        if context.template is template and isinstance(context, RequestContext):
            return noted(template, context)
        return template.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(Template, "_render", render)
        yield


@pytest.fixture
def shared() -> Path:
    """The folder of seeds and gold beside the checkout; without it tests skip, but in CI they fail."""
    if not SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("../shared is missing, and CI must not skip what reads it")
        pytest.skip("../shared is missing: the seeds and gold files are not here")
    return SHARED


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_superuser("editor", password="a-long-password")


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create_superuser("colleague", password="a-long-password")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium; without it browser tests skip, but in CI they fail."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is not installed, so nothing is tried in a browser")
    return path


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    """The shipped dossier and the story of the desk, once they were made."""
    return Shelf()


@pytest.fixture(scope="module")
def dossier(shelf: Shelf, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped dossier, loaded and published, for a module of tests that only read.

    It is loaded once; other modules get the rows that this made, which takes a tenth of the time.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        if not shelf.put_back("dossier"):
            call_command("load_dossier", str(ROOT / "dossiers" / "deepseek"), publish=True, stdout=StringIO())
            shelf.keep("dossier")
        yield
        transaction.set_rollback(True)
