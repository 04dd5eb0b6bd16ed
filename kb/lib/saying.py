"""Sentences with slots, put into a language only when somebody reads them. Imports no framework.

The machinery marks its words with `gettext_noop`, so that they come into the catalogues, and raises a Fault. Whoever
shows it passes the translator: `fault.said(gettext)`. `str(fault)` is English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translator = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogues, and returns it as it is."""
    return text


@dataclass(frozen=True)
class Sentence:
    """A text with named slots, `%(name)s`; a slot may hold another Sentence."""

    text: str
    slots: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said(str)

    def said(self, translate: Translator) -> str:
        filled = {
            name: slot.said(translate) if isinstance(slot, Sentence) else slot
            for name, slot in self.slots.items()
        }
        return translate(self.text) % filled

    def packed(self) -> dict[str, Any]:
        """The sentence as JSON types, for another process; `unpacked` makes it one again."""
        slots = {
            name: slot.packed() if isinstance(slot, Sentence) else str(slot)
            for name, slot in self.slots.items()
        }
        return {"text": self.text, "slots": slots}

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> Sentence:
        slots = packed["slots"].items()
        return cls(
            packed["text"],
            {name: cls.unpacked(slot) if isinstance(slot, dict) else slot for name, slot in slots},
        )


class Fault(Exception):
    """A refusal as a Sentence."""

    def __init__(self, text: str | Sentence, /, **slots: object) -> None:
        self.sentence = text if isinstance(text, Sentence) else Sentence(text, slots)
        super().__init__(self.sentence)

    def said(self, translate: Translator) -> str:
        return self.sentence.said(translate)
