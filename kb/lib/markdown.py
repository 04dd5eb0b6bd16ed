"""A page as Markdown: what stands in its <main>, with whole addresses."""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html
from markdownify import markdownify

_SILENT: Final = ("script", "style", "svg", "form", "button", "input", "select", "nav")


def markdown(page: str, address: str) -> str:
    """CommonMark of an HTML page. `address` is the page's own: relative links are resolved against it.
    What stands in the page as text stays text: nothing of it becomes markup.

    Raises ValueError when the page has no <main>.
    """
    tree = html.document_fromstring(page)
    main = tree.find(".//main")
    if main is None:
        raise ValueError("the page has no <main>")
    for term in main.xpath(".//button[@popovertarget]"):
        term.drop_tag()
    for link in main.xpath(".//a[.//ul]"):  # counts: a list inside a link is no Markdown
        said = ", ".join(" ".join(item.text_content().split()) for item in link.iter("li"))
        for child in list(link):
            link.remove(child)
        link.text = said
    for silent in main.xpath("|".join((*(f".//{name}" for name in _SILENT), ".//*[@popover]"))):
        silent.drop_tree()
    for link in main.iterfind(".//a[@href]"):
        target = urljoin(address, link.get("href"))
        if urlsplit(target).scheme in ("http", "https", "mailto"):
            link.set("href", target)
        else:
            del link.attrib["href"]
    text = markdownify(
        html.tostring(main, encoding="unicode"), heading_style="ATX", bullets="-", escape_misc=True
    )
    lines = (line.rstrip() for line in str(text).splitlines())
    return "\n".join(_without_gaps(lines)) + f"\n\n---\n{address}\n"


def _without_gaps(lines: Iterable[str]) -> Iterator[str]:
    """No more than one empty line in a row, and none at either end."""
    waiting, begun = False, False
    for line in lines:
        if not line:
            waiting = begun
            continue
        if waiting:
            yield ""
        yield line
        waiting, begun = False, True
