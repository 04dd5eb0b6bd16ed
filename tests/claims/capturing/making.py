"""Small documents for tests: pages, and PDFs written by hand, whole or hostile."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Sequence

import pytest


def needs(program: str, package: str) -> None:
    """Skip the test where a program of the system is missing; in CI, fail."""
    if shutil.which(program) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is missing: apt-get install {package}")
        pytest.skip(f"{program} is not installed, so no such PDF can be read")


def a_page(
    *paragraphs: str, title: str = "The fee", head: str = "", language: str = "en", main: str = ""
) -> str:
    """A page of news with a menu, a sidebar and a footer around its paragraphs."""
    text = main or "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>{title} | The Gazette</title>{head}</head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">All sport 24</a></li></ul></nav>'
        f"<main><article><h1>{title}</h1>{text}</article>"
        '<aside><h3>More</h3><ul><li><a href="/sale">Sale: 50% off</a></li></ul></aside></main>'
        "<footer><p>Copyright 2024 The Gazette, all rights reserved</p></footer></body></html>"
    )


LONG = [
    f"In the year number {number} the club paid a fee of {number},5 million euros for a player, it said on Monday."
    for number in range(1, 9)
]


def a_pdf(
    *pages: str, title: str = "", streams: Sequence[bytes] = (), packed: bool = False, extra: str = ""
) -> bytes:
    """A PDF with one line of Latin text a page; `streams` are pages' contents as they are. Skips without poppler."""
    needs("pdftotext", "poppler-utils")
    contents = [f"BT /F1 24 Tf 72 700 Td ({page}) Tj ET".encode("latin-1") for page in pages] + list(streams)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> {extra} >> >>".encode()
        )
        body, how = (zlib.compress(content, 9), " /Filter /FlateDecode") if packed else (content, "")
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(body), how.encode(), body))
    objects.append(f"<< /Title ({title}) >>".encode("latin-1"))
    out, offsets = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, one in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def a_scan(picture: bytes, width: int, height: int) -> bytes:
    """A PDF of one page that is a picture: 8-bit gray, `width` by `height`, row after row."""
    packed = zlib.compress(picture)
    drawn = b"612 0 0 792 0 0 cm BI /W %d /H %d /BPC 8 /CS /G /F /Fl ID %s EI" % (width, height, packed)
    return a_pdf(streams=[drawn])
