"""How to cite a claim: plain text, BibTeX and CSL-JSON, always with the version that was read. Pure.

CSL-JSON follows the schema of the Citation Style Language 1.0.2 (type `webpage`); BibTeX is `@misc`, with what
TeX takes as a command escaped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from kb.lib.figures import time_label, whole

SITE: Final = "Claimbook"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """What is cited: the claim as a sentence, who asserts it, the edition it was read in and that edition's day."""

    ref: str
    sentence: str
    asserter: str
    edition: int
    printed_on: date
    address: str  # of this version, for good
    language: str
    when: str = ""  # the time the claim speaks of, in words

    @property
    def said(self) -> str:
        """The sentence with its time, and who says so: what a quotation must not lose."""
        text = self.sentence.rstrip(".") + (f" ({self.when})" if self.when else "")
        if not self.asserter:
            return text
        return _("%(claim)s, according to %(asserter)s") % {"claim": text, "asserter": self.asserter}

    def plain(self) -> str:
        """One line, for a footnote."""
        said = _("%(sentence)s. %(site)s, claim %(ref)s, edition %(edition)s of %(day)s. %(address)s")
        return said % {
            "sentence": self.said,
            "site": SITE,
            "ref": self.ref,
            "edition": whole(self.edition, self.language),
            "day": time_label(self.printed_on.isoformat(), self.language),
            "address": self.address,
        }

    def bibtex(self) -> str:
        """An entry for BibTeX or biblatex, UTF-8."""
        fields = {
            "author": "{" + SITE + "}",
            "title": "{" + self.said.translate(_TEX) + "}",
            "year": str(self.printed_on.year),
            "number": f"edition {self.edition}",
            "url": self.address,
            "note": f"claim {self.ref}",
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        lines += f",\n  month = {_MONTHS[self.printed_on.month - 1]}"
        return f"@misc{{claimbook-{self.ref}-{self.edition},\n{lines}\n}}\n"

    def csl(self) -> str:
        """A CSL-JSON list of one item, as reference managers import it."""
        item: dict[str, Any] = {
            "id": f"claimbook-{self.ref}-{self.edition}",
            "type": "webpage",
            "title": self.said,
            "author": [{"literal": SITE}],
            "container-title": SITE,
            "version": f"edition {self.edition}",
            "issued": {"date-parts": [[self.printed_on.year, self.printed_on.month, self.printed_on.day]]},
            "URL": self.address,
            "language": self.language,
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMS: Final[Mapping[str, tuple[str, str]]] = {  # suffix -> media type, method
    "txt": ("text/plain; charset=utf-8", "plain"),
    "bib": ("application/x-bibtex; charset=utf-8", "bibtex"),
    "json": ("application/vnd.citationstyles.csl+json", "csl"),
}
