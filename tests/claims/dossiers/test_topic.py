"""No entity, property or scope of a topic is named in the code: a topic lives in its dossier."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
CODE = ("kb", "companies", "claims", "templates", "static/js", "static/css")
SUFFIXES = {".py", ".html", ".js", ".css", ".json", ".toml", ".xml", ".txt"}

TOPIC = re.compile(
    r"deepseek|high-?flyer|nvidia|semianalysis|ensigame|tom.?s hardware|\bh800\b|\bh100\b|\bh20\b|\ba100\b|hopper"
    r"|\bgpus?\b|openai|chatgpt|liang|wenfeng|training.?cost|export.?(?:ban|control|rule)|mixture.of.experts|\bmoe\b"
    r"|\bai.?chip|hedge.?fund|ডিপসি|ডিপসে|এনভিডিয়া|जीपीयू",
    re.IGNORECASE,
)

# (file, the word in the line) -> why it may stand there. A line that is gone makes this table stale.
ALLOWED: dict[tuple[str, str], str] = {
    (
        "kb/management/commands/serve.py",
        "deepseek",
    ): "the folder of the dossier that `make run` loads (contract)",
    ("claims/extraction/languages/universal.toml", "gpu"): "a common noun that figures count",
    ("claims/extraction/languages/universal.toml", "gpus"): "its plural",
    ("kb/lib/figures.py", "GPUs"): "an example in a docstring",
    ("claims/wording.py", "High-Flyer"): "an example in a docstring",
    ("claims/models/property.py", "GPUs"): "an example in a help text for editors",
    ("claims/migrations/0001_initial.py", "GPUs"): "the same help text",
}


def _files() -> list[Path]:
    return [
        path
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and "__pycache__" not in path.parts
    ]


def _slugs() -> set[str]:
    """Every slug of the shipped dossier that no other field could have: those of two words or with a digit."""
    found: set[str] = set()
    for path in (ROOT / "dossiers" / "deepseek").glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for section in ("entities", "properties", "scope-dimensions", "disputes", "sources", "publishers"):
            found |= {item["slug"] for item in content.get(section, ())}
    return {slug for slug in found if "-" in slug or any(character.isdigit() for character in slug)}


def test_the_code_names_no_topic():
    said: dict[tuple[str, str], str] = {}
    for path in _files():
        for line in path.read_text(encoding="utf-8").splitlines():
            for word in TOPIC.findall(line):
                said.setdefault((str(path.relative_to(ROOT)), word), line.strip())
    unexplained = {place: line for place, line in said.items() if place not in ALLOWED}
    assert unexplained == {}
    assert not set(ALLOWED) - set(said), "these exceptions are stale"


def test_the_code_names_no_slug_of_the_shipped_dossier():
    slugs = _slugs()
    assert len(slugs) > 100
    words = re.compile(
        rf"(?<![\w-])({'|'.join(map(re.escape, sorted(slugs, key=len, reverse=True)))})(?![\w-])"
    )
    said = {
        (str(path.relative_to(ROOT)), word)
        for path in _files()
        for word in words.findall(path.read_text(encoding="utf-8"))
    }
    assert not {place for place in said if place not in ALLOWED}


def test_the_pattern_sees_what_it_looks_for():
    assert all(TOPIC.search(word) for word in ("DeepSeek", "high-flyer", "H800", "2,048 GPUs"))
    assert not TOPIC.search("a company, its hardware and a model")
