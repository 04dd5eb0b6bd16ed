"""manage.py capture and recapture."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from io import StringIO
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.actions import captures
from claims.management.commands import recapture
from claims.models import CaptureAttempt, Snapshot
from kb.lib.net import Guard
from tests.building import a_claim, a_quote, a_snapshot, a_source, published, some_evidence
from tests.claims.capturing.making import LONG, a_page, a_pdf
from tests.serving import PUBLIC, Listener, Site, listening, serving

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1", "::1", PUBLIC])]
Run = Callable[..., str]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server that the commands' guard takes for a public one, and no other; the pause between requests is short."""
    with serving() as one, listening() as inside:
        ports = frozenset({80, 443, one.port, inside.port})
        excepted = frozenset({(PUBLIC, one.port)})
        lax = Guard(agent="Claimbook-test", ports=ports, excepted=excepted, seconds=5)
        monkeypatch.setattr(captures, "guard", lambda: lax)
        monkeypatch.setattr(recapture, "PAUSE", 0.01)
        vars(one)["inside"] = inside
        yield one


def inside(site: Site) -> Listener:
    found: Listener = vars(site)["inside"]
    return found


def run(name: str, *args: str, **options: Any) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out, **options)
    return out.getvalue()


def test_an_address_is_fetched_and_kept(site: Site) -> None:
    source = a_source("report")
    said = run("capture", site.page("/", a_page(*LONG).encode()), source="report")
    snapshot = source.snapshots.get()
    assert said == f"report: a new snapshot {snapshot.text_sha256}, 0 quote(s) found in it\n"
    assert CaptureAttempt.objects.get().address == site.url("/")


@pytest.mark.parametrize("target", ["127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1", "[::1]", "localhost"])
def test_a_redirect_into_the_network_is_refused_and_nobody_is_dialed(site: Site, target: str) -> None:
    a_source("report")
    url = site.redirect("/", f"http://{target}:{inside(site).port}/")
    with pytest.raises(CommandError, match="nothing was stored"):
        run("capture", url, source="report")
    assert inside(site).visitors() == 0
    assert (Snapshot.objects.count(), CaptureAttempt.objects.count()) == (0, 0)


def test_an_address_inside_is_refused_by_the_guard_of_the_settings() -> None:
    a_source("report")
    with listening() as listener:
        for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1", "localhost", "2130706433"):
            with pytest.raises(CommandError):
                run("capture", f"http://{host}:{listener.port}/", source="report")
            with pytest.raises(CommandError):
                run("capture", f"http://{host}/", source="report")
        assert listener.visitors() == 0


def test_many_files_say_how_far_they_are_and_what_was_refused(tmp_path: Path) -> None:
    source = a_source("report")
    (tmp_path / "a.pdf").write_bytes(a_pdf("The fee was 5 million."))
    (tmp_path / "b.html").write_text(a_page(*LONG), encoding="utf-8")
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    out = StringIO()
    files = [str(tmp_path / name) for name in ("a.pdf", "b.html", "c.png", "d.txt")]
    with pytest.raises(CommandError) as refusal:
        call_command("capture", *files, source="report", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["1/4", "2/4", "3/4", "4/4"]
    assert [one.media_type for one in source.snapshots.all()] == ["application/pdf", "text/html"]
    message = str(refusal.value)
    assert "c.png: it is a picture" in message
    assert "d.txt: there is no file" in message


def test_a_text_that_another_source_has_is_said(tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text("The fee was 1 million.", encoding="utf-8")
    first = a_source("first")
    assert "is known" not in run("capture", str(tmp_path / "copy.txt"), source="first")
    a_source("second")
    said = run("capture", str(tmp_path / "copy.txt"), source="second")
    assert f"the source first ({first.ref}) is known: it holds the very same file" in said


def cited(site: Site, path: str, slug: str) -> None:
    source = a_source(slug, url=site.url(path), snapshots=[a_snapshot(LONG[0])])
    quote = a_quote(source.snapshots.get(), LONG[0], "1,5 million euros")
    published(a_claim(evidence=[some_evidence(source, quote=quote)]))


def test_going_back_says_what_came_of_each(site: Site) -> None:
    for slug in ("a", "b", "c"):
        cited(site, f"/{slug}", slug)
    site.page("/a", LONG[0].encode(), "text/plain")
    site.page("/b", a_page(*LONG[1:]).encode())
    said = run("recapture", "--due")
    assert said.splitlines() == [
        "1/3 a: unchanged",
        "2/3 b: changed",
        "3/3 c: dead: the server answered 404 Not Found",
        "3 source(s): 1 unchanged, 1 changed, 1 dead; 2 in the queue",
    ]
    assert run("recapture", "--due") == "0 source(s): nothing to do; 2 in the queue\n"
    assert run("recapture", "--limit", "1").startswith("1/1 ")


def test_what_a_server_says_of_itself_stops_nobody(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason and the character set are the server's own words, and go into the record of the attempt."""

    def odd(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 404 Not\x1bFound\x00 \xe2\x80\xaetxet\r\nContent-Length: 0\r\n\r\n")

    for slug in ("a", "b", "c"):
        cited(site, f"/{slug}", slug)
    site.pages["/a"] = odd
    site.page("/b", b"a\xffb", 'text/plain; charset="x\x1by"')
    said = run("recapture", "--due").splitlines()
    assert said[0].startswith("1/3 a: dead: the server answered 404 Not Found")
    assert said[1].startswith("2/3 b: refused: byte 1 is no UTF-8 (x y is not known here)")
    assert said[2].startswith("3/3 c: dead")
    assert all(one.detail.isprintable() for one in CaptureAttempt.objects.all())


def test_a_source_over_which_it_breaks_is_recorded_and_the_next_one_gets_its_turn(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = captures.fetch

    def breaking(url: str, **more: Any) -> Any:
        if url.endswith("/a"):
            raise ValidationError("no\x00such")
        if url.endswith("/b"):
            raise LookupError("a parser's own fault")
        return real(url, **more)

    for slug in ("a", "b", "c"):
        cited(site, f"/{slug}", slug)
    monkeypatch.setattr(captures, "fetch", breaking)
    assert run("recapture", "--due").splitlines() == [
        "1/3 a: refused: the page could not be taken in (ValidationError: no such)",
        "2/3 b: refused: the page could not be taken in (LookupError: a parser's own fault)",
        "3/3 c: dead: the server answered 404 Not Found",
        "3 source(s): 1 dead, 2 refused; 1 in the queue",
    ]
    assert run("recapture", "--due").startswith("0 source(s)")


@pytest.fixture
def spared() -> Iterator[Callable[..., None]]:
    """A handler of SIGTERM that does nothing: a command that missed it would take the tests along."""

    def nothing(*_: object) -> None:
        return

    before = signal.signal(signal.SIGTERM, nothing)
    yield nothing
    signal.signal(signal.SIGTERM, before)


def test_every_so_often_runs_until_it_is_told_to_end(
    site: Site, spared: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        recapture, "close_old_connections", lambda: None
    )  # the test's own is in a transaction
    cited(site, "/a", "a")
    Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    said = run("recapture", "--every", "0.05").splitlines()
    assert said[0] == "1/1 a: dead: the server answered 404 Not Found"
    assert said.count("0 source(s): nothing to do; 1 in the queue") > 1
    assert signal.getsignal(signal.SIGTERM) is spared


@pytest.mark.parametrize("options", [["--limit", "0"], ["--every", "0"]])
def test_numbers_that_mean_nothing_are_refused(options: list[str]) -> None:
    with pytest.raises(CommandError, match="takes a number"):
        run("recapture", *options)
