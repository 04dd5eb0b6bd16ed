"""The site's look in one text: its style sheets, one a component, put together as they stand.

A page would ask for twenty of them one by one. Fonts have a sheet of their own, since static files carry their hash in
their name.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings

SHEETS: Final = (
    "tokens", "base", "layout",
    *(f"components/{name}" for name in (
        "masthead", "figure", "table", "evidence", "take", "term", "house", "tree", "letter", "marks", "chart",
        "timeline", "lists", "home", "embed", "gallery",
    )),
)  # fmt: skip
FOLDER: Final = Path(settings.BASE_DIR) / "static/css"


def look() -> tuple[str, str]:
    """The text of all sheets and the hash of it; while somebody works on them, as the files stand now."""
    if settings.DEBUG:
        _put_together.cache_clear()
    return _put_together()


@cache
def colors() -> dict[str, str]:
    """The tokens by day, by their names without dashes: {"paper": "#fbfaf7", …}; fonts and sizes too."""
    by_day = (FOLDER / "tokens.css").read_text(encoding="utf-8").partition("@media")[0]
    return dict(re.findall(r"--([\w-]+): ([^;]+);", by_day))


@cache
def _put_together() -> tuple[str, str]:
    text = "\n".join((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
    return text, sha256(text.encode()).hexdigest()[:16]
