"""From files to items: YAML read as exact text, with the line of every value, checked against the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

SECTIONS = (
    "scope-dimensions",
    "properties",
    "publishers",
    "entities",
    "sources",
    "claims",
    "disputes",
    "timelines",
    "pages",
)
EVIDENCE = "evidence"  # items that add to claims; claims.dossiers.adding makes claims of them
LARGEST_FILE = 20_000_000
DEEPEST = 50
Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, and in which line of which file (line 0: the file as a whole)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class DossierFaults(Exception):
    """A dossier that cannot be taken; `faults` are all that were found, in order of file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Item:
    """One item of a section, with the lines its values stand in."""

    section: str
    data: Mapping[str, Any]
    file: str
    lines: Mapping[Place, int]

    def fault(self, message: str, *place: str | int) -> Fault:
        """A fault at the value under `place`, or at the nearest thing around it that is there."""
        while place not in self.lines and place:
            place = place[:-1]
        return Fault(self.file, self.lines.get(place, 0), message)


@cache
def schema() -> Draft202012Validator:
    """The published JSON Schema of one dossier file."""
    text = (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def read(folder: Path) -> list[Item]:
    """All items of the dossier in `folder`, section by section. Raises DossierFaults."""
    files = sorted(folder.rglob("*.yaml")) if folder.is_dir() else []
    if not files:
        raise DossierFaults(
            [Fault(str(folder), 0, _("there is no dossier here: a folder with *.yaml files is expected"))]
        )
    faults: list[Fault] = []
    items: list[Item] = []
    for path in files:
        name = str(path.relative_to(folder))
        try:
            items += _file(path, name)
        except DossierFaults as found:
            faults += found.faults
    if faults:
        raise DossierFaults(faults)
    return sorted(items, key=lambda item: (*SECTIONS, EVIDENCE).index(item.section))


def _file(path: Path, name: str) -> Iterator[Item]:
    data, lines = _yaml(path, name)
    faults = []
    for error in schema().iter_errors(data):
        place: Place = tuple(error.absolute_path)
        while place not in lines:
            place = place[:-1]
        faults.append(Fault(name, lines[place], _said(error.message, error.absolute_path)))
    if faults:
        raise DossierFaults(faults)
    return (
        Item(
            section,
            item,
            name,
            {place[2:]: line for place, line in lines.items() if place[:2] == (section, number)},
        )
        for section in (*SECTIONS, EVIDENCE)
        for number, item in enumerate(data.get(section, ()))
    )


def _said(message: str, path: Any) -> str:
    where = ".".join(str(step) for step in path if isinstance(step, str))
    return f"{where}: {message}" if where else message


def _yaml(path: Path, name: str) -> tuple[dict[str, Any], dict[Place, int]]:
    if path.stat().st_size > LARGEST_FILE:
        said = _("the file is larger than %(most)s bytes; split it") % {"most": f"{LARGEST_FILE:,}"}
        raise DossierFaults([Fault(name, 0, said)])
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as fault:
        said = _("byte %(place)s is no UTF-8; save the file as UTF-8") % {"place": fault.start}
        raise DossierFaults([Fault(name, 0, said)]) from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        message = getattr(fault, "problem", None) or str(fault)
        said = _("this is no YAML: %(fault)s") % {"fault": message}
        raise DossierFaults([Fault(name, mark.line + 1 if mark else 0, said)]) from fault
    except RecursionError as fault:
        raise DossierFaults([Fault(name, 0, _("the file nests too deeply"))]) from fault
    if not isinstance(node, yaml.MappingNode):
        said = _("a mapping with any of %(sections)s is expected") % {"sections": ", ".join(SECTIONS)}
        raise DossierFaults([Fault(name, 1, said)])
    builder = _Builder(name)
    data = builder.build(node, ())
    if builder.faults:
        raise DossierFaults(builder.faults)
    return data, builder.lines


class _Builder:
    """Plain data out of YAML nodes. Scalars stay the text they were written as, so that 5.10 keeps its zero;
    only whole numbers, true, false and null are read as such, and only when they are not quoted."""

    def __init__(self, name: str) -> None:
        self.name, self.seen = name, set[int]()
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []

    def build(self, node: Any, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines[place] = line
        if len(place) > DEEPEST:
            self.faults.append(Fault(self.name, line, _("the file nests too deeply")))
            return None
        if not isinstance(node, yaml.ScalarNode):
            if id(node) in self.seen:
                said = _("anchors and aliases are not taken: write it out")
                self.faults.append(Fault(self.name, line, said))
                return {}
            self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*place, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: Any, place: Place) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                self.faults.append(Fault(self.name, line, _("a key is one word")))
            elif key in built:
                said = _("%(key)s stands here twice") % {"key": repr(key)}
                self.faults.append(Fault(self.name, line, said))
            else:
                built[key] = self.build(value_node, (*place, key))
                self.lines[(*place, key)] = line
        return built

    @staticmethod
    def _scalar(node: Any) -> Any:
        text: str = node.value
        if node.style in ("'", '"', "|", ">"):
            return text
        if text in ("", "null", "~"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if text.isascii() and text.isdigit() and (text == "0" or text[0] != "0"):
            return int(text)
        return text
