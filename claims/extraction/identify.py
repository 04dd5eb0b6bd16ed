"""Which language a text is in, told offline and for a short title too. Pure Python.

The script decides first. Languages that share one are told apart by letters and small words of their own
(`identify.toml`), and in Latin script also by a statistical model, restricted to the languages read here.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kb.lib.scripts import fold_in_place, kind_of, script_of

UNDETERMINED: Final = "und"

_READ: Final = 8000  # characters: more tell nothing new
_FEWEST_LETTERS: Final = 3
_FEWEST_WORDS: Final = 3
# Plain names in Latin letters do as well, so that a third of the letters is enough for another script.
_OTHER_SCRIPT_SHARE: Final = 0.3
_KANA_SHARE: Final = 0.08
_NAMES: Final = re.compile(r"\b(?:[A-Za-z][a-z]*[A-Z0-9]|\d+[A-Za-z])[A-Za-z0-9-]*", re.ASCII)
_WORD: Final = 6.0  # what one small word weighs, in nats of the model's likelihood
_LETTER: Final = 9.0
_HINT: Final = 5.0


def identify(text: str, hints: Sequence[str] = ()) -> str:
    """The BCP 47 base code of the language that most of `text` is in, "und" where nothing tells.

    `hints` are codes that the publisher or the page gives. They settle what the text leaves open and never
    overrule its script.
    """
    sample = fold_in_place(text[:_READ])
    letters = Counter(script_of(one) for one in sample if kind_of(one) not in ("mark", "other", "digit"))
    in_names = sum(len(name) for name in _NAMES.findall(text[:_READ]))
    script = _script(letters, in_names)
    if script == "JAPANESE":
        return "ja"
    if script == "CJK":
        return "zh"
    if one := _rules()["scripts"].get(script):
        return str(one)
    plain = fold_in_place(_NAMES.sub(" ", text[:_READ]))
    return _among(
        script, plain if len(plain.split()) > 1 else sample, [hint.split("-")[0].lower() for hint in hints]
    )


def _script(letters: Counter[str], in_names: int) -> str:
    """The script of most letters, "" if none has enough; JAPANESE for ideographs among kana.

    Latin letters `in_names` (with capitals or digits inside) stand in texts of every script.
    """
    kana = letters.pop("HIRAGANA", 0) + letters.pop("KATAKANA", 0) + letters.pop("KATAKANA-HIRAGANA", 0)
    if kana:
        japanese = kana + letters["CJK"]
        letters["JAPANESE" if kana >= _KANA_SHARE * japanese else "CJK"] = japanese
        if "JAPANESE" in letters:
            del letters["CJK"]
    total = sum(letters.values())
    others = [(count, script) for script, count in letters.items() if script != "LATIN"]
    if others and max(others)[0] >= max(2, _OTHER_SCRIPT_SHARE * (total - in_names)):
        return max(others)[1]
    return max(letters, key=lambda script: letters[script]) if total >= _FEWEST_LETTERS else ""


def _among(script: str, sample: str, hints: Sequence[str]) -> str:
    languages: list[str] = _rules()["shared"].get(script, [])
    if not languages:
        return UNDETERMINED
    scores = {language: _evidence(language, sample) for language in languages}
    told = any(scores.values())
    for language in set(hints) & set(languages):
        scores[language] += _HINT
    if script == "LATIN":
        if not told and len(sample.split()) < _FEWEST_WORDS:
            return next((hint for hint in hints if hint in languages), UNDETERMINED)
        for language, likelihood in _model_scores(sample).items():
            scores[language] += likelihood + _rules()["prior"].get(language, 0)
    return max(languages, key=lambda language: scores[language])


@dataclass(frozen=True, slots=True)
class _Signs:
    letters: frozenset[str]
    words: frozenset[str]
    endings: tuple[str, ...]


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def _signs(language: str) -> _Signs:
    table: Mapping[str, str] = _rules()[language]
    return _Signs(
        frozenset(table.get("letters", "")),
        frozenset(fold_in_place(table.get("words", "")).split()),
        tuple(fold_in_place(table.get("endings", "")).split()),
    )


def _evidence(language: str, sample: str) -> float:
    """What the language's own letters and small words in the sample weigh."""
    signs = _signs(language)
    words = sample.translate(_WORDS).split()
    small = sum(word in signs.words for word in words)
    ended = sum(len(word) > len(end) + 1 for word in words for end in signs.endings if word.endswith(end))
    own = len(signs.letters.intersection(sample))
    return _WORD * (small + ended / 2) + _LETTER * own


class _Words(dict[int, str]):
    """For str.translate: what is no letter of a word becomes a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = character if kind_of(character) in ("letter", "mark") else " "
        return self[code]


_WORDS: Final = _Words()


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(_rules()["shared"]["LATIN"])
    return model


def _model_scores(sample: str) -> dict[str, float]:
    return dict(_model().rank(sample))
