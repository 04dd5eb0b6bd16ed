"""Guarded fetching, over real servers and a listener that proves who was dialed."""

from __future__ import annotations

import gzip
import os
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from pytest_socket import SocketConnectBlockedError

from kb.lib.net import Declined, Fetched, Guard, Refused, Unreachable, checked, fetch, why_not
from tests.serving import PUBLIC, Listener, Site, listening, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", PUBLIC])


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


@pytest.fixture
def inside() -> Iterator[Listener]:
    with listening() as one:
        yield one


def guard(site: Site, *others: int, **changes: Any) -> Guard:
    """Lets the site through as if it were public, and no other address."""
    ports = frozenset({80, 443, site.port, *others})
    return Guard(
        **{"agent": "Claimbook-test", "ports": ports, "excepted": frozenset({(PUBLIC, site.port)})} | changes
    )


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",  # noqa: S104
        "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
        "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::1",
        "2002:a00:1::", "3fff::1", "5f00::1", "4000::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%1",
        "fec0::1", "ff02::1", "ff0e::1", "", "localhost", "127.1", "0x7f.1", "2130706433", "8.8.8.8.",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused(address: str) -> None:
    assert why_not(address) is not None


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
     "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450::1"],
)  # fmt: skip
def test_an_address_of_the_internet_is_not(address: str) -> None:
    assert why_not(address) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/html,x", "//example.org/",
        "http://user@example.org/", "http://user:secret@example.org/", "http://example.org:22/",
        "https://example.org:6379/", "http://example.org:99999/", "http://0x7f.1/", "http://0x7f000001/",
        "http://2130706433/", "http://017700000001/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/",
        "http://127.0.0.1./", "http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://８.８.８.８/", "http://1.1.1.256/",
        "http://example.org。1/", "http://[::1%25lo]/", "http://[::1/", "http://%31%32%37.0.0.1/",
        "http://exa mple.org/",
        "http://example.org\\@127.0.0.1/", "http://-/", "http:///path", "", "example.org",
    ],
)  # fmt: skip
def test_a_twisted_address_is_refused_before_anything_is_resolved(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: pytest.fail("it was resolved"))
    with pytest.raises(Refused):
        fetch(url, Guard(agent="test"))


def test_an_address_is_told_in_ascii_and_without_its_fragment() -> None:
    assert (
        checked(" https://Bücher.example:443/a?b=1#c", Guard(agent="t"))
        == "https://xn--bcher-kva.example/a?b=1"
    )
    assert checked("http://[2606:4700::1]/", Guard(agent="t")) == "http://[2606:4700::1]/"


def test_a_page_is_fetched_with_no_more_than_it_takes(site: Site) -> None:
    url = site.page("/a?b=1", "পাতা".encode(), "Text/HTML; charset=UTF-8", **{"Set-Cookie": "a=1"})
    assert fetch(f"{url}#part", guard(site)) == Fetched(url, "পাতা".encode(), "text/html", "utf-8")
    ((path, headers),) = site.asked
    assert path == "/a?b=1"
    assert headers["Host"] == f"{PUBLIC}:{site.port}"
    assert headers["User-Agent"] == "Claimbook-test"
    assert set(headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_no_cookie_no_login_and_no_proxy_goes_along(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text(f"machine {PUBLIC} login editor password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.pages["/first"] = (302, {"Location": "/second", "Set-Cookie": "who=me"}, b"")
    site.page("/second", b"here")
    assert fetch(site.url("/first"), guard(site)).data == b"here"
    assert all("Cookie" not in headers and "Authorization" not in headers for _path, headers in site.asked)


def test_a_name_is_looked_up_once_and_its_host_is_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    names = _names(monkeypatch, {"news.example": [PUBLIC]})
    site.page("/", b"news")
    assert fetch(site.url(host="news.example"), guard(site)).data == b"news"
    assert names == ["news.example"]
    assert site.asked[0][1]["Host"] == f"news.example:{site.port}"


def test_three_redirects_are_followed_and_four_are_not(site: Site) -> None:
    site.redirect("/4", "/3", 301)
    site.redirect("/3", "/2", 307)
    site.redirect("/2", site.url("/1"), 308)
    site.redirect("/1", "/0", 303)
    site.page("/0", b"at last")
    page = fetch(site.url("/3"), guard(site))
    assert (page.data, page.url) == (b"at last", site.url("/0"))
    assert page.by_way_of == (site.url("/3"), site.url("/2"), site.url("/1"))
    with pytest.raises(Refused, match="more than 3 times"):
        fetch(site.url("/4"), guard(site))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://0x7f.1:{port}/",
        "http://[::1]:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://127.1:{port}/",
        "http://[::127.0.0.1]:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://0:{port}/", "//127.0.0.1:{port}/",
        "http://[::ffff:7f00:1]:{port}/", "http://user@127.0.0.1:{port}/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_redirect_into_the_network_is_refused_and_nobody_is_dialed(
    site: Site, inside: Listener, target: str
) -> None:
    url = site.redirect("/", target.format(port=inside.port))
    with pytest.raises(Refused):
        fetch(url, guard(site, inside.port))
    assert [path for path, _headers in site.asked] == ["/"]
    assert inside.visitors() == 0


def test_the_listener_would_notice(site: Site, inside: Listener) -> None:
    """The proof above holds: the same redirect is followed to the listener where a guard lets it through."""
    lax = guard(
        site, inside.port, seconds=1, excepted=frozenset({(PUBLIC, site.port), ("127.0.0.1", inside.port)})
    )
    with pytest.raises(Unreachable):
        fetch(site.redirect("/", f"http://127.0.0.1:{inside.port}/"), lax)
    assert inside.visitors() == 1


def _names(monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[str]]) -> list[str]:
    """A resolver that gives the next answer at each look-up, then the last one for ever; the names it was asked."""
    real, asked = socket.getaddrinfo, list[str]()

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in answers:
            return real(host, port, *args, **more | {"flags": socket.AI_NUMERICHOST})
        asked.append(host)
        address = answers[host][0]
        if len(answers[host]) > 1:
            answers[host].pop(0)
        return real(address, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_is_public_first_and_private_second_is_dialed_where_it_was_public(
    inside: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _names(monkeypatch, {"rebinding.example": ["93.184.215.14", "127.0.0.1"]})
    strict = Guard(agent="test", ports=frozenset({inside.port}), seconds=5)
    # What was dialed: pytest-socket says so, and lets nobody through.
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"93\.184\.215\.14"):
        fetch(f"http://rebinding.example:{inside.port}/", strict)
    assert asked == ["rebinding.example"]
    assert inside.visitors() == 0


def test_a_name_that_is_private_at_the_second_hop_is_refused(
    site: Site, inside: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _names(monkeypatch, {"rebinding.example": [PUBLIC, "127.0.0.1"]})
    site.redirect("/", f"http://rebinding.example:{inside.port}/again")
    with pytest.raises(Refused):
        fetch(site.url(host="rebinding.example"), guard(site, inside.port))
    assert asked == ["rebinding.example"] * 2
    assert len(site.asked) == 1
    assert inside.visitors() == 0


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    with pytest.raises(Refused, match="inside a network"):
        fetch("http://both.example/", Guard(agent="test"))


def test_what_one_guard_lets_pass_the_other_refuses(
    inside: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AntiSSRF 1.0 has no entry for IPv4-compatible addresses; ours judges the address once more as it is dialed."""
    compatible = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::127.0.0.1", 0, 0, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: compatible)
    with pytest.raises(Refused, match="in disguise"):
        fetch(f"http://odd.example:{inside.port}/", Guard(agent="test", ports=frozenset({inside.port})))
    assert inside.visitors() == 0


def test_a_name_that_does_not_resolve_is_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: Any, **_more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Unreachable, match=r"nowhere\.example does not resolve"):
        fetch("http://nowhere.example/", Guard(agent="test"))


def test_a_name_server_that_never_answers_costs_no_more_than_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: time.sleep(30))
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"longer than 0\.3 seconds"):
        fetch("http://slow.example/", Guard(agent="test", seconds=0.3))
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("status", [201, 304, 401, 403, 404, 410, 418, 429, 500, 503])
def test_an_answer_without_a_page_says_its_status(site: Site, status: int) -> None:
    site.pages["/"] = (status, {}, b"")
    with pytest.raises(Declined) as refusal:
        fetch(site.url(), guard(site))
    assert refusal.value.status == status


def test_a_page_that_is_too_large_is_refused_by_what_arrives(site: Site) -> None:
    site.page("/", b"x" * 100_001)
    with pytest.raises(Refused, match="larger than 100,000 bytes"):
        fetch(site.url(), guard(site, bytes=100_000))
    site.page("/fits", b"x" * 100_000)
    assert len(fetch(site.url("/fits"), guard(site, bytes=100_000)).data) == 100_000


def test_a_bomb_stops_at_the_cap(site: Site) -> None:
    site.page("/", gzip.compress(bytes(200_000_000), 9), **{"Content-Encoding": "gzip"})
    with pytest.raises(Refused, match="larger than 10,000,000 bytes"):
        fetch(site.url(), guard(site))


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 1_000_000])
def test_a_packed_page_is_unpacked_whole(site: Site, size: int) -> None:
    data = os.urandom(size // 2) + bytes(size - size // 2)
    site.page("/", gzip.compress(data), **{"Content-Encoding": "gzip"})
    assert fetch(site.url(), guard(site)).data == data
    site.page("/", gzip.compress(data[:10]) + gzip.compress(data[10:]), **{"Content-Encoding": "gzip"})
    assert fetch(site.url(), guard(site)).data == data


def test_a_page_that_breaks_off_is_no_page(site: Site) -> None:
    site.page("/plain", b"half", **{"Content-Length": "8"})
    site.page("/packed", gzip.compress(os.urandom(1000))[:500], **{"Content-Encoding": "gzip"})
    site.page("/damaged", b"no gzip at all", **{"Content-Encoding": "gzip"})
    for path in ("/plain", "/packed", "/damaged"):
        with pytest.raises(Unreachable):
            fetch(site.url(path), guard(site))


def test_a_packing_nobody_asked_for_is_refused(site: Site) -> None:
    with pytest.raises(Refused, match="'br'"):
        fetch(site.page("/", b"x", **{"Content-Encoding": "br"}), guard(site))


def test_many_headers_are_refused(site: Site) -> None:
    site.page("/", b"x", **{f"X-{number}": "y" * 9000 for number in range(9)})
    with pytest.raises(Refused, match="headers"):
        fetch(site.url(), guard(site))


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_page_that_drips_is_cut_off_in_time(site: Site, part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(800):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    site.pages["/"] = drip
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"longer than 0\.5 seconds"):
        fetch(site.url(), guard(site, seconds=0.5))
    assert time.monotonic() - began < 20


def test_a_server_that_says_nothing_and_one_that_is_not_there(site: Site, inside: Listener) -> None:
    excepted = frozenset({("127.0.0.1", inside.port), ("127.0.0.1", 9)})
    lax = Guard(agent="test", ports=frozenset({9, inside.port}), excepted=excepted, seconds=0.5)
    for port in (inside.port, 9):
        with pytest.raises(Unreachable):
            fetch(f"http://127.0.0.1:{port}/", lax)
