"""What runs inside the confined process: parsers of pages and PDFs. Nothing else may import this."""

from __future__ import annotations

import io
import re
import signal
import subprocess
from typing import Any, Final, cast

from claims.capturing.sniffing import decoded
from kb.lib.saying import Fault
from kb.lib.saying import gettext_noop as _

MOST_PAGES: Final = 400
MOST_PAGES_READ_BY_EYE: Final = 40
LARGEST_TEXT: Final = 20_000_000  # characters
_NO_TOOL: Final = _("cannot be read here: %(tool)s is missing (on Debian: apt-get install %(package)s)")
_NO_EYE: Final = _(
    "the PDF is a scan without text, and cannot be read here: %(tool)s is missing "
    "(on Debian: apt-get install %(package)s)"
)
# What must not be in a text, and says nothing: control characters, lone surrogates, non-characters.
_NOISE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TESSERACT: Final = {"bn": "ben", "hi": "hin", "vi": "vie", "en": "eng"}

Read = dict[str, Any]


class Unparsable(Fault, ValueError):
    """What is wrong with the bytes, and what to do."""


def page(data: bytes, *, charset: str = "", address: str = "") -> Read:
    """The main text of a web page in reading order, one paragraph a line, with its title and what it states."""
    import trafilatura
    from lxml import html

    markup = decoded(data, charset=charset, page=True)
    tree = trafilatura.load_html(markup)
    if tree is None:
        raise Unparsable(_("the page has no text: open it in a browser, and paste what you see"))
    tree = cast(html.HtmlElement, tree)
    stated = {
        "language": tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        "canonical": "".join(tree.xpath("(//link[@rel='canonical']/@href)[1]")),
    }
    titles = ["".join(one.itertext()) for one in tree.xpath("(//title)[1]")]
    found = trafilatura.bare_extraction(
        tree,
        url=address or None,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        prune_xpath=["//nav", "//footer[not(ancestor::article)]", "//dialog"],
        date_extraction_params={"extensive_search": False},  # stated dates; no guesses
    )
    text = _tidy(getattr(found, "text", None) or "")
    if not text:
        raise Unparsable(_("the page has no main text: open it in a browser, and paste what you see"))
    title = _line(getattr(found, "title", None) or "".join(titles))
    if title and title not in text:
        text = f"{title}\n{text}"
    return stated | {"text": text, "title": title, "published_on": getattr(found, "date", None) or ""}


def pdf(data: bytes, *, language: str = "") -> Read:
    """The text of a PDF, page after page; pages without text are read from their picture where tesseract is."""
    pages, title = _outline(data)
    texts = _pdftotext(data).split("\f")[:pages]
    texts += [""] * (pages - len(texts))
    blank = [number for number, text in enumerate(texts) if not text.strip()]
    if len(blank) == pages or (blank and _languages()):
        _read_by_eye(data, texts, blank, language, needed=len(blank) == pages)
    text = "\n\n".join(one for one in map(_tidy, texts) if one)
    if not text:
        raise Unparsable(_("none of its pages has text, and none could be read from its picture"))
    return {"text": text, "title": title, "pages": pages}


def _outline(data: bytes) -> tuple[int, str]:
    """How many pages, and the title that the file states. Raises ValueError: too many, locked, damaged."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unparsable(_("the PDF is locked with a password: save it without"))
        pages = len(reader.pages)
        title = _line(reader.metadata.title or "" if reader.metadata else "")
    except (PyPdfError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as fault:
        raise Unparsable(_("the PDF is damaged or broken off (%(fault)s)"), fault=str(fault)[:260]) from fault
    if not pages:
        raise Unparsable(_("the PDF is damaged or broken off: it has no pages"))
    if pages > MOST_PAGES:
        raise Unparsable(
            _("the PDF has %(pages)s pages, the most is %(most)s: save the part that you cite"),
            pages=f"{pages:,}",
            most=MOST_PAGES,
        )
    return pages, title


def _pdftotext(data: bytes) -> str:
    done = _tool(["pdftotext", "-enc", "UTF-8", "-q", "-", "-"], data, package="poppler-utils")
    if done.returncode != 0 and not done.stdout.strip():
        raise Unparsable(
            _("the PDF is damaged or broken off (pdftotext ended with status %(status)s)"),
            status=done.returncode,
        )
    if len(done.stdout) > LARGEST_TEXT:
        raise Unparsable(_("the PDF unpacks to more than %(most)s bytes of text"), most=f"{LARGEST_TEXT:,}")
    return done.stdout.decode("utf-8", "replace")


def _read_by_eye(data: bytes, texts: list[str], blank: list[int], language: str, *, needed: bool) -> None:
    """Put what tesseract reads into `texts` at the `blank` pages."""
    installed = _languages()
    if not installed:
        raise Unparsable(_NO_EYE, tool="tesseract", package="tesseract-ocr tesseract-ocr-ben -hin -vie")
    if needed and len(blank) > MOST_PAGES_READ_BY_EYE:
        raise Unparsable(
            _("the PDF is a scan of %(pages)s pages, the most is %(most)s: save the part that you cite"),
            pages=len(blank),
            most=MOST_PAGES_READ_BY_EYE,
        )
    wished = [_TESSERACT[language], "eng"] if language in _TESSERACT else list(_TESSERACT.values())
    chosen = [one for one in dict.fromkeys(wished) if one in installed] or ["eng"]
    for number in blank[:MOST_PAGES_READ_BY_EYE]:
        only = ["-f", str(number + 1), "-l", str(number + 1)]
        picture = _tool(["pdftoppm", "-r", "200", "-gray", *only, "-"], data, package="poppler-utils")
        if picture.stdout:
            ocr = ["tesseract", "stdin", "stdout", "-l", "+".join(chosen)]
            texts[number] = _tool(ocr, picture.stdout, package="tesseract-ocr").stdout.decode(
                "utf-8", "replace"
            )


def _languages() -> set[str]:
    """The languages that tesseract has here; none where it is not installed."""
    try:
        done = _tool(["tesseract", "--list-langs"], b"", package="tesseract-ocr")
    except ValueError:
        return set()
    return set(done.stdout.decode("utf-8", "replace").split()) & set(_TESSERACT.values())


def _tool(command: list[str], data: bytes, *, package: str) -> subprocess.CompletedProcess[bytes]:
    """Run a program of the system; it inherits every limit of this process and dies with its group."""
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError as fault:
        raise Unparsable(_NO_TOOL, tool=command[0], package=package) from fault
    if done.returncode == -signal.SIGXCPU:
        raise Unparsable(
            _("%(tool)s needs too much processor time for it: it is damaged, or made to do that"),
            tool=command[0],
        )
    if done.returncode < 0:
        raise Unparsable(
            _("%(tool)s crashed over it (%(signal)s)"),
            tool=command[0],
            signal=signal.Signals(-done.returncode).name,
        )
    return done


def _line(text: str) -> str:
    return " ".join(_NOISE.sub("", text).split())[:500]


def _tidy(text: str) -> str:
    """Without noise and trailing spaces, with line feeds only, and no more than one empty line in a row."""
    text = _NOISE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")
