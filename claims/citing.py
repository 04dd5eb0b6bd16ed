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

SITE: Final = "Claimbook"
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

    def plain(self) -> str:
        """One line, for a footnote."""
        said = _("%(sentence)s. %(site)s, claim %(ref)s, edition %(edition)s of %(day)s. %(address)s")
        return said % {
            "sentence": self.sentence.rstrip("."),
            "site": SITE,
            "ref": self.ref,
            "edition": self.edition,
            "day": self.printed_on.isoformat(),
            "address": self.address,
        }

    def bibtex(self) -> str:
        """An entry for BibTeX or biblatex, UTF-8."""
        fields = {
            "title": "{" + self.sentence.translate(_TEX) + "}",
            "organization": SITE,
            "year": str(self.printed_on.year),
            "month": str(self.printed_on.month),
            "number": f"edition {self.edition}",
            "url": self.address,
            "note": f"claim {self.ref}"
            + (f", asserted by {self.asserter.translate(_TEX)}" if self.asserter else ""),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{claimbook-{self.ref}-{self.edition},\n{lines}\n}}\n"

    def csl(self) -> str:
        """A CSL-JSON list of one item, as reference managers import it."""
        item: dict[str, Any] = {
            "id": f"claimbook-{self.ref}-{self.edition}",
            "type": "webpage",
            "title": self.sentence,
            "container-title": SITE,
            "version": f"edition {self.edition}",
            "issued": {"date-parts": [[self.printed_on.year, self.printed_on.month, self.printed_on.day]]},
            "URL": self.address,
            "language": self.language,
        }
        if self.asserter:
            item["author"] = [{"literal": self.asserter}]
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMS: Final[Mapping[str, tuple[str, str]]] = {  # suffix -> media type, method
    "txt": ("text/plain; charset=utf-8", "plain"),
    "bib": ("application/x-bibtex; charset=utf-8", "bibtex"),
    "json": ("application/vnd.citationstyles.csl+json", "csl"),
}
