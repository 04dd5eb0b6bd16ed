"""The documentation names every setting, command, target, filter and page, and its links and example hold."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern

from claims import urls
from claims.api.reading.requests import ON_LISTS
from claims.api.reading.views import ClaimViewSet, LedgerViewSet
from claims.filters import ClaimFilter, EntityFilter
from claims.ledger.models import Edition
from kb.api import router

ROOT = Path(__file__).resolve().parent.parent
DOCS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in ROOT.glob("docs/**/*.md")}
DOCUMENTS = DOCS | {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CHANGELOG.md")}


def first_cells(text: str) -> set[str]:
    """The names in code in the first column of the tables of a text."""
    rows = re.findall(r"^\|([^|]*)\|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def section(document: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", DOCS[document], re.MULTILINE | re.DOTALL)
    assert found is not None, f"{document} has no section {title!r}"
    return found[1]


def variables_read() -> set[str]:
    settings = (ROOT / "kb/settings.py").read_text(encoding="utf-8")
    serve = (ROOT / "kb/management/commands/serve.py").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', settings))
    secrets = re.search(r"secrets=\[([^\]]*)\]", settings)
    assert secrets is not None
    read |= {f"{name}_FILE" for name in re.findall(r'"([A-Z_]+)"', secrets[1])}
    read |= set(re.findall(r'environ(?:\.get\(|\[)\s*"([A-Z_]+)"', serve))
    return read | set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE))


def test_settings_are_documented() -> None:
    read = variables_read()
    assert {"SECRET_KEY", "SECRET_KEY_FILE", "HOST", "PYTHON"} <= read
    assert read - set(re.findall(r"`([A-Z_]+)`", DOCS["docs/settings.md"])) == set()


def test_documented_settings_exist() -> None:
    assert first_cells(section("docs/settings.md", "The site")) - variables_read() == set()


def test_commands_are_documented() -> None:
    files = [
        path for app in ("kb", "companies", "claims") for path in ROOT.glob(f"{app}/management/commands/*.py")
    ]
    ours = {path.stem for path in files} - {"__init__"}
    described = {
        heading.split()[0] for heading in re.findall(r"^### (.+)$", DOCS["docs/commands.md"], re.MULTILINE)
    }
    assert described == ours


def test_options_of_commands_are_documented() -> None:
    for path in ROOT.glob("*/management/commands/*.py"):
        for option in re.findall(r'add_argument\(\s*"(--[a-z-]+)"', path.read_text(encoding="utf-8")):
            assert option in DOCS["docs/commands.md"], f"{path.stem} {option}"


def test_make_targets_are_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):(?!=)", makefile, re.MULTILINE))
    documented = first_cells(section("docs/commands.md", "make"))
    assert documented == {f"make {target}" for target in targets}


def test_claim_filters_are_documented() -> None:
    assert first_cells(section("docs/api.md", "Filters of claims")) == set(ClaimFilter.base_filters)


def test_other_filters_and_parameters_are_documented() -> None:
    names = {*EntityFilter.base_filters, *ON_LISTS}
    assert {name for name in names if f"`{name}`" not in DOCS["docs/api.md"]} == set()


def test_orderings_are_documented() -> None:
    documented = first_cells(section("docs/api.md", "Lists"))
    assert {*ClaimViewSet.orderings, *LedgerViewSet.orderings} - documented == set()


def test_api_addresses_are_documented() -> None:
    documented = first_cells(section("docs/api.md", "Addresses"))
    assert {f"{prefix}/" for prefix, _view, _name in router.registry} - documented == set()


def test_pages_are_documented() -> None:
    documented = {re.sub(r"<[^>]*>", "<>", address) for address in first_cells(DOCS["docs/pages.md"])}
    routes = {
        "/" + re.sub(r"<[^>]*>", "<>", str(url.pattern))
        for url in urls.urlpatterns
        if isinstance(url, URLPattern)
    }
    assert routes - documented == set()


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_relative_links_lead_to_files(document: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", DOCUMENTS[document])
    folder = (ROOT / document).parent
    assert [target for target in targets if not (folder / target).exists()] == []


def test_every_decision_has_context_decision_and_consequences() -> None:
    decisions = {name: text for name, text in DOCS.items() if name.startswith("docs/adr/")}
    assert len(decisions) >= 8
    for name, text in decisions.items():
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Measured"], name


@pytest.mark.django_db
def test_example_dossier_loads_and_its_quotes_hold(tmp_path: Path) -> None:
    blocks = {
        language: re.findall(rf"```{language}\n(.*?)```", DOCS["docs/dossiers.md"], re.DOTALL)
        for language in ("yaml", "text")
    }
    folder, quoted, out = tmp_path / "lighthouse", tmp_path / "list-of-lights.txt", StringIO()
    folder.mkdir()
    (folder / "lighthouse.yaml").write_text(blocks["yaml"][0], encoding="utf-8")
    quoted.write_text(blocks["text"][0], encoding="utf-8")
    call_command("load_dossier", str(folder), publish=True, stdout=out)
    assert Edition.objects.count() == 1
    call_command("capture", str(quoted), source="list-of-lights", stdout=out)
    assert "2 quote(s) found" in out.getvalue()
    call_command("verify", stdout=out)
    assert "no fault(s)" in out.getvalue()
