"""Bytes in, a document out; and what hostile bytes come to."""

from __future__ import annotations

import subprocess
import time

import pytest

from claims.capturing import parsing
from claims.capturing.documents import Document, read
from claims.capturing.sniffing import HTML, PDF, PLAIN, Unreadable, decoded, media_type
from kb.lib.confined import Limits
from tests.claims.capturing.making import LONG, a_page, a_pdf, a_scan, needs

QUICK = Limits(seconds=15, cpu_seconds=2)


def refusal(data: bytes, **more: str) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data, limits=QUICK, **more)
    return str(refused.value)


# What it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "declared", "kind"),
    [
        (b"The fee was 5 million.", "", PLAIN),
        (b"The fee was 5 million.", "text/html", PLAIN),
        (b"The fee was 5 million.", "application/pdf", PLAIN),
        (b"MZ Holding paid 5 million, and 1 < 2.", "application/x-msdownload", PLAIN),
        (b"%PDF-1.7\n", "text/plain", PDF),
        (b"\n\n%PDF-1.7\n", "text/html", PDF),
        (b"<!DOCTYPE html><p>x", "text/plain", HTML),
        (b"\xef\xbb\xbf  <HTML><p>x", "", HTML),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<html xmlns="http://www.w3.org/1999/xhtml">', "", HTML),
        ("<html>x".encode("utf-16"), "", HTML),
        (b"Good news <p>x</p>", "text/html", HTML),
        (b"Good news <p>x</p>", "text/plain", PLAIN),
        (b"<3 this club", "", PLAIN),
    ],
)
def test_bytes_are_what_they_look_like(data: bytes, declared: str, kind: str) -> None:
    assert media_type(data, declared) == kind


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "nothing"), (b" \n", "nothing"), (b"\xff\xfe", "nothing"), (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "picture"), (b"\xff\xd8\xff\xe0\x00", "picture"), (b"MZ\x90\x00\x03", "program"),
        (b"{\\rtf1 hello}", "RTF"), (b"\x1f\x8b\x08\x00", "gzip"),
    ],
)  # fmt: skip
def test_anything_else_is_called_by_its_name(data: bytes, what: str) -> None:
    assert what in refusal(data)


def test_too_much_is_not_looked_at() -> None:
    assert "larger than 20,000,000 bytes" in refusal(b"x" * 20_000_001)


def timed(data: bytes) -> float:
    began = time.process_time()
    media_type(data, HTML)
    return time.process_time() - began


@pytest.mark.parametrize(
    "piece", [b"<!---->", b"<!-- a -->\n", b"<!--", b"--><!--", b"<?xml >", b"\n", b"<!doctype "]
)
def test_what_stands_before_a_page_is_passed_over_in_no_time(piece: bytes) -> None:
    """With a regular expression, 24 comments took half a minute of the site's own process, and 25 a minute."""
    for number in (20, 4096 // len(piece)):
        assert timed(piece * number + b"x") < 0.5


def test_a_page_may_begin_with_many_comments() -> None:
    assert media_type(b'<?xml version="1.0"?>\n' + b"<!-- > -- a -->\n" * 200 + b"<p>x") == HTML
    assert media_type(b"<!-- a --> x <p>y") == PLAIN
    assert media_type(b"<!-- a <html> ") == PLAIN


def test_a_character_set_is_looked_for_in_no_time() -> None:
    began = time.process_time()
    with pytest.raises(Unreadable):
        decoded(b"<meta " * 49 + b"charset=" + b" " * 3700 + b"\xff", page=True)
    assert time.process_time() - began < 0.5
    stated = b"<meta http-equiv=x content='text/html; charset = \" koi8-r'>\xc1"
    assert decoded(stated, page=True).endswith("а")


# Plain text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ডিপসিক", "a\n\tb ", "\ufeffa", "می‌خواهم", "1,6 tỷ USD\n"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert read(text.encode()) == Document(media_type=PLAIN, text=text)


def test_a_plain_text_of_another_set_needs_a_word_or_a_mark() -> None:
    assert "byte 1 is no UTF-8: save the file as UTF-8" in refusal("für 5".encode("latin-1"))
    assert read("für".encode("latin-1"), charset="ISO-8859-1").text == "für"
    assert read("প্রায় ৫".encode("utf-16")).text == "প্রায় ৫"
    assert "quantum-8 is not known" in refusal(b"\xfcr", charset="quantum-8")
    assert "utf-7 is not known" in refusal(b"\xff+ADw-", charset="utf-7")


def test_a_plain_text_that_hides_something_is_refused_with_the_place() -> None:
    assert "character 2 is U+0000" in refusal(b"a\0b")


# Pages ------------------------------------------------------------------------------------------------------


def test_a_page_gives_its_main_text_in_order_a_paragraph_a_line() -> None:
    head = (
        '<link rel="canonical" href="/fee">'
        '<meta property="article:published_time" content="2025-04-12T08:30:00Z">'
    )
    page = read(a_page(*LONG, head=head).encode(), address="https://www.gazette.example/fee?utm_source=x&p=1")
    assert page.text.split("\n") == ["The fee", *LONG]
    assert (page.media_type, page.title, page.language, page.published_on) == (
        HTML,
        "The fee",
        "en",
        "2025-04-12",
    )
    assert page.canonical == "https://www.gazette.example/fee"


def test_a_short_page_is_no_menu() -> None:
    assert read(a_page("The fee was 1 million.").encode()).text == "The fee\nThe fee was 1 million."


def test_a_page_does_not_pass_for_another_sites_document() -> None:
    head = '<link rel="canonical" href="https://bank.example/report">'
    page = read(a_page(*LONG, head=head).encode(), address="http://Copycat.example:80/x?b=2&fbclid=3#top")
    assert page.canonical == "http://copycat.example/x?b=2"


def test_a_date_that_is_not_stated_is_not_guessed() -> None:
    assert read(a_page(*LONG, "It happened on 3 May 2021, some say.").encode()).published_on == ""


@pytest.mark.parametrize(
    ("codec", "stated", "charset"),
    [
        ("utf-8", "", ""),
        ("utf-8-sig", "windows-1251", ""),
        ("utf-16", "", ""),
        ("cp1251", "windows-1251", ""),
        ("koi8_r", "", "KOI8-R"),
        ("cp1251", "utf-8", "windows-1251"),
        ("utf-8", "iso-8859-1", ""),
    ],
)
def test_a_page_is_read_in_its_character_set(codec: str, stated: str, charset: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={stated}">' if stated else ""
    words = "Клуб заплатил 5 миллионов евро за игрока, сообщила газета в понедельник вечером."
    page = read(a_page(words, head=head, language="ru", title="Сумма").encode(codec), charset=charset)
    assert page.text == f"Сумма\n{words}"


def test_a_page_of_no_known_set_is_refused_not_guessed() -> None:
    assert "no UTF-8" in refusal("<html><p>für 5</p>".encode("latin-1"))


def test_damage_in_a_page_shows() -> None:
    assert decoded(b'<meta charset="big5"><p>\xff</p>', page=True).endswith("<p>\ufffd</p>")


@pytest.mark.parametrize("script", ["bn", "hi", "vi"])
def test_a_page_in_every_script_keeps_its_words(script: str) -> None:
    words = {
        "bn": "ডিপসিক মাত্র ৬ মিলিয়ন ডলার ব্যয়ে মডেলটি তৈরি করেছে বলে দাবি করেছে প্রতিষ্ঠানটি।",
        "hi": "क्लब ने खिलाड़ी के लिए ५० करोड़ रुपये दिए, अख़बार ने सोमवार को बताया।",
        "vi": "Câu lạc bộ đã trả 1,6 tỷ đồng cho cầu thủ, báo cho biết hôm thứ Hai.",
    }[script]
    page = read(a_page(words, language=script, title="—").encode())
    assert words in page.text
    assert page.language == script


def test_a_page_without_words_says_what_to_do() -> None:
    assert "paste what you see" in refusal(
        b"<!DOCTYPE html><html><body><script>load()</script></body></html>"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b"<html>" + b"<div>" * 200_000,
        b"<html><p>" + b"<b><i>" * 100_000 + b"x",
        b"<html " + b"a='" * 300_000,
        b"<!DOCTYPE html ["
        + b"".join(b"<!ENTITY a%d '&a%d;&a%d;'>" % (n, n - 1, n - 1) for n in range(1, 60))
        + b"]><html><p>&a59;</p></html>",
    ],
    ids=["nested blocks", "nested words", "an attribute without end", "a billion laughs"],
)
def test_a_hostile_page_ends_in_time_with_text_or_a_reason(hostile: bytes) -> None:
    began = time.monotonic()
    try:
        assert len(read(hostile, limits=QUICK).text) < 10_000_000
    except Unreadable as fault:
        assert str(fault)  # noqa: PT017  either is right, nothing else is
    assert time.monotonic() - began < 60


# PDFs -------------------------------------------------------------------------------------------------------


def test_a_pdf_gives_its_text_page_by_page() -> None:
    document = read(a_pdf("The fee was 5 million.", "Page two.", title="The fee"))
    assert document.text == "The fee was 5 million.\n\nPage two."
    assert (document.media_type, document.pages, document.title) == (PDF, 2, "The fee")


def test_a_pdf_of_many_pages_is_refused_by_their_number() -> None:
    assert "401 pages, the most is 400" in refusal(a_pdf(*["x"] * 401))


@pytest.mark.parametrize("part", [0.1, 0.5])
def test_a_pdf_that_breaks_off_is_told_so(part: float) -> None:
    whole = a_pdf("The fee was 5 million.", "Page two.")
    assert "damaged or broken off" in refusal(whole[: int(len(whole) * part)])


def test_a_pdf_behind_a_password_is_told_so() -> None:
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(PdfReader(BytesIO(a_pdf("x")))), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    assert "password" in refusal(out.getvalue())


def test_what_takes_too_long_says_what_to_do() -> None:
    with pytest.raises(Unreadable, match=r"took longer than 0\.01 seconds: save or paste only the part"):
        read(a_page(*LONG).encode(), limits=Limits(seconds=0.01))


def test_a_bomb_in_a_pdf_is_stopped() -> None:
    """200 MB of drawing in 200 kB."""
    bomb = a_pdf(streams=[b"BT /F1 9 Tf 1 0 0 1 9 9 Tm (x) Tj ET\n" * 5_400_000], packed=True)
    assert len(bomb) < 1_000_000
    began = time.monotonic()
    assert "too much processor time" in refusal(bomb)
    assert time.monotonic() - began < 60


def test_a_pdf_whose_pages_run_in_a_circle_ends() -> None:
    circle = a_pdf("x").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    assert refusal(circle)


def test_a_file_that_only_begins_like_a_pdf() -> None:
    assert "damaged or broken off" in refusal(b"%PDF-1.7\n" + bytes(range(256)) * 100)


def test_a_program_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_args: object, **_more: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", nowhere)
    with pytest.raises(ValueError, match=r"pdftotext is missing .*poppler-utils"):
        parsing.pdf(a_pdf("x"))
    assert parsing._languages() == set()


def test_a_scan_is_read_by_eye_where_tesseract_is() -> None:
    needs("tesseract", "tesseract-ocr")
    document = read(_scan("The fee was 500 euros"), language="en")
    assert (document.text, document.pages) == ("The fee was 500 euros", 1)


def test_a_scan_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_languages", lambda: set[str]())
    with pytest.raises(
        ValueError, match="a scan without text, and cannot be read here: tesseract is missing"
    ):
        parsing.pdf(_scan("x"))


def _scan(words: str) -> bytes:
    """A picture of the words, drawn by poppler."""
    command = ["pdftoppm", "-r", "150", "-gray", "-f", "1", "-l", "1", "-"]
    drawn = subprocess.run(command, input=a_pdf(words), capture_output=True, check=True).stdout
    _magic, size, _depth, pixels = drawn.split(b"\n", 3)
    width, height = map(int, size.split())
    return a_scan(pixels, width, height)
