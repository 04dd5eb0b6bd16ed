"""Fetching one page from a stranger: guarded at the address that is dialed, small, in bounded time.

Two guards judge every hop. AntiSSRF resolves a name once, refuses it when any of its addresses is internal, and
connects to the very address it judged, with Host and SNI kept. Then, at the socket, our own table judges the
address once more (`why_not`): it also knows what that library lets pass, such as ::127.0.0.1.
"""

from __future__ import annotations

import re
import socket
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from email.message import Message
from http import HTTPStatus
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import idna
import requests
import urllib3
from AntiSSRF import AntiSSRFError, AntiSSRFPolicy, PolicyConfigOptions

from kb.lib.saying import Fault, Sentence
from kb.lib.saying import gettext_noop as _
from kb.lib.text import HostileText, check_url

ACCEPTED: Final = "text/html, application/xhtml+xml, application/pdf, text/plain"
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MOVED: Final = frozenset({301, 302, 303, 307, 308})
CHUNK: Final = 65_536
TOO_LONG: Final = _("the page took longer than %(seconds)s seconds")


class FetchError(Fault):
    """The page was not fetched; the message says why, in words for an editor."""


class Refused(FetchError):
    """The guard did not let this through: the address, a redirect, or the size."""


class Declined(FetchError):
    """The server answered, but with no page. `status` is its HTTP status."""

    def __init__(self, status: int, text: str, /, **slots: object) -> None:
        super().__init__(text, **slots)
        self.status = status


class Unreachable(FetchError):
    """No whole answer came: the name does not resolve, nobody listens, it broke off or took too long."""


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What may be fetched, and how much of it.

    `excepted` holds (address, port) pairs that are let through although they are internal: tests serve there. It is
    given in code only; no setting reaches it.
    """

    agent: str
    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    bytes: int = 10_000_000  # decoded
    header_bytes: int = 65_536
    seconds: float = 20
    redirects: int = 3
    excepted: frozenset[tuple[str, int]] = frozenset()

    def why_not_dial(self, address: str, port: int) -> Sentence | None:
        """Why a connection must not be made to this address; None when it may be."""
        if (address, port) in self.excepted:
            return None
        if port not in self.ports:
            allowed = ", ".join(map(str, sorted(self.ports)))
            return Sentence(
                _("port %(port)s is not among the allowed ports (%(allowed)s)"),
                {"port": port, "allowed": allowed},
            )
        return why_not(address)


@dataclass(frozen=True)
class Fetched:
    """One page: its bytes decoded, where they came from at last, and what the server called them."""

    url: str
    data: bytes
    media_type: str  # as the server says, in lower case; may be wrong or empty
    charset: str
    by_way_of: tuple[str, ...] = ()  # the addresses that redirected, the first one asked first


# Addresses ------------------------------------------------------------------------------------------------

# The special-purpose registries of IANA (RFC 6890 and its successors), and one cloud's own service address.
_SPECIAL: Final = {
    "0.0.0.0/8": _("unspecified"), "10.0.0.0/8": _("private"), "100.64.0.0/10": _("shared by a carrier"),
    "127.0.0.0/8": _("loopback"), "168.63.129.16/32": _("a cloud's own service"), "169.254.0.0/16": _("link-local"),
    "172.16.0.0/12": _("private"), "192.0.0.0/24": _("reserved"), "192.0.2.0/24": _("reserved for documentation"),
    "192.31.196.0/24": _("reserved"), "192.52.193.0/24": _("reserved"), "192.88.99.0/24": _("reserved"),
    "192.168.0.0/16": _("private"), "192.175.48.0/24": _("reserved"), "198.18.0.0/15": _("reserved for benchmarks"),
    "198.51.100.0/24": _("reserved for documentation"), "203.0.113.0/24": _("reserved for documentation"),
    "224.0.0.0/4": _("multicast"), "240.0.0.0/4": _("reserved"),
}  # fmt: skip
_SPECIAL_6: Final = {
    "::/128": _("unspecified"), "::1/128": _("loopback"), "::ffff:0:0/96": _("an IPv4 address in disguise (mapped)"),
    "::/96": _("an IPv4 address in disguise (compatible)"), "64:ff9b::/96": _("an IPv4 address in disguise (NAT64)"),
    "64:ff9b:1::/48": _("an IPv4 address in disguise (NAT64)"), "2001::/32": _("an IPv4 address in disguise (Teredo)"),
    "2002::/16": _("an IPv4 address in disguise (6to4)"), "2001::/23": _("reserved"),
    "2001:db8::/32": _("reserved for documentation"), "2620:4f:8000::/48": _("reserved"),
    "3fff::/20": _("reserved for documentation"), "fc00::/7": _("private"), "fe80::/10": _("link-local"),
    "fec0::/10": _("private"), "ff00::/8": _("multicast"),
}  # fmt: skip
_TABLE: Final = [(IPv4Network(network), reason) for network, reason in _SPECIAL.items()]
_TABLE_6: Final = [(IPv6Network(network), reason) for network, reason in _SPECIAL_6.items()]
_PUBLIC_6: Final = IPv6Network("2000::/3")  # all that has been handed out for use on the internet


def why_not(address: str) -> Sentence | None:
    """Why this IP address is none of the public internet; None when it is one."""
    try:
        found = ip_address(address)
    except ValueError:
        return Sentence(_("%(address)s is no IP address"), {"address": repr(address)})
    if isinstance(found, IPv4Address):
        reason = next((reason for network, reason in _TABLE if found in network), "")
    else:
        reason = next((reason for network, reason in _TABLE_6 if found in network), "")
        if not reason and found not in _PUBLIC_6:
            reason = _("reserved")
    if not reason:
        return None
    return Sentence(
        _("the address %(address)s is %(reason)s"), {"address": address, "reason": Sentence(reason)}
    )


_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


def checked(url: str, guard: Guard) -> str:
    """The address with its host in ASCII and without its fragment. Raises Refused; nothing is resolved."""
    try:
        parts = urlsplit(check_url(url.strip()))
        port = parts.port
    except ValueError as fault:
        why = fault.sentence if isinstance(fault, HostileText) else fault
        raise Refused(_("this is no address of a page: %(fault)s"), fault=why) from fault
    if "@" in parts.netloc:
        raise Refused(_("the address holds a login: take out what stands before the @"))
    host = _host(parts.hostname or "")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in guard.ports and not any(port == other for _host_, other in guard.excepted):
        raise Refused(guard.why_not_dial(host, port) or "")
    netloc = f"[{host}]" if ":" in host else host
    if port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def _host(host: str) -> str:
    """A host name in ASCII, or an IP address written the one usual way. Raises Refused."""
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except AddressValueError as fault:
            raise Refused(_("%(host)s is no IPv6 address"), host=repr(host)) from fault
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as fault:
            raise Refused(_("%(host)s is no host name: %(fault)s"), host=repr(host), fault=fault) from fault
        if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            raise Refused(_("the host is a number in unusual digits; write the name of the site"))
    labels = host.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except AddressValueError as fault:
            raise Refused(
                _("%(host)s is a number in disguise; write the name of the site"), host=repr(host)
            ) from fault
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused(_("%(host)s is no host name"), host=repr(host))
    return host


# Dialing --------------------------------------------------------------------------------------------------


class _Trip:
    """One fetch with all its hops: the clock, and the sockets to cut when time is up."""

    def __init__(self, guard: Guard) -> None:
        self.guard, self.ends = guard, monotonic() + guard.seconds
        self._over, self._lock, self._held = Event(), Lock(), list[socket.socket]()

    def left(self) -> float:
        """Seconds that remain. Raises Unreachable when there are none."""
        left = self.ends - monotonic()
        if left <= 0 or self._over.is_set():
            raise Unreachable(TOO_LONG, seconds=f"{self.guard.seconds:g}")
        return left

    def hold(self, sock: socket.socket) -> None:
        """Remember the connection, to cut it: TLS takes the socket itself over, a duplicate stays ours."""
        with self._lock:
            if not self._over.is_set():
                self._held.append(sock.dup())

    def end(self) -> None:
        """Cut what is still connected, at whatever step it is."""
        self._over.set()
        with self._lock:
            for sock in self._held:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:  # it ended by itself
                    continue
                finally:
                    sock.close()
            self._held.clear()


def _pools(trip: _Trip, netloc: str) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Connection pools for one hop, whose sockets ask the guard before they dial."""

    class Dialing:
        def _new_conn(self) -> socket.socket:
            connection: Any = self
            if reason := trip.guard.why_not_dial(connection._dns_host, connection.port):
                raise Refused(reason)
            connection.timeout = trip.left()
            sock: socket.socket = super()._new_conn()  # type: ignore[misc]
            trip.hold(sock)
            try:
                trip.left()
            except Unreachable:
                sock.close()
                raise
            return sock

        def putheader(self, header: str, *values: Any) -> None:
            # AntiSSRF leaves the port and an IPv6 address's brackets out of Host.
            given = (netloc,) if header.lower() == "host" else values
            super().putheader(header, *given)  # type: ignore[misc]

    class Plain(Dialing, urllib3.connection.HTTPConnection):  # type: ignore[misc]
        pass

    class Secure(Dialing, urllib3.connection.HTTPSConnection):  # type: ignore[misc]
        pass

    plain = type("PlainPool", (urllib3.HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("SecurePool", (urllib3.HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return {"http": plain, "https": secure}


def _session(trip: _Trip, netloc: str) -> requests.Session:
    """A session for one hop: no cookies, no logins, no proxy, nothing from the environment."""
    policy = AntiSSRFPolicy(PolicyConfigOptions.EXTERNAL_ONLY_LATEST)
    policy.add_xff_header, policy.allow_plain_text_http = False, True
    if trip.guard.excepted:
        policy.add_allowed_addresses(sorted({address for address, _port in trip.guard.excepted}))
    session: requests.Session = policy.get_antissrf_session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update(
        {"User-Agent": trip.guard.agent, "Accept": ACCEPTED, "Accept-Encoding": "gzip, identity"}
    )
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = _pools(trip, netloc)  # type: ignore[attr-defined]
    return session


# Fetching -------------------------------------------------------------------------------------------------


def fetch(url: str, guard: Guard) -> Fetched:
    """The page at `url`, after at most `guard.redirects` redirects, each judged like the first address.

    Raises Refused, Declined or Unreachable. Returns or raises within `guard.seconds`, whatever the name server or
    the server do.
    """
    trip, box = _Trip(guard), SimpleQueue[Fetched | BaseException]()

    def go() -> None:
        try:
            box.put(_follow(url, trip))
        except BaseException as fault:  # handed to the caller, whatever it is
            box.put(fault)

    Thread(target=go, name="fetch", daemon=True).start()
    try:
        result = box.get(timeout=guard.seconds)
    except Empty:
        raise Unreachable(TOO_LONG, seconds=f"{guard.seconds:g}") from None
    finally:
        trip.end()
    if isinstance(result, BaseException):
        raise result
    return result


def _follow(url: str, trip: _Trip) -> Fetched:
    seen = list[str]()
    while True:
        url = checked(url, trip.guard)
        try:
            answer = _hop(url, trip)
        except AntiSSRFError as fault:
            raise Refused(_("the host of %(url)s is at an address inside a network"), url=url) from fault
        except socket.gaierror as fault:
            raise Unreachable(_("the name %(name)s does not resolve"), name=urlsplit(url).hostname) from fault
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError) as fault:
            trip.left()
            raise Unreachable(
                _("%(url)s gave no whole answer (%(fault)s)"), url=url, fault=type(fault).__name__
            ) from fault
        if isinstance(answer, Fetched):
            return replace(answer, by_way_of=tuple(seen))
        seen.append(url)
        if len(seen) > trip.guard.redirects:
            raise Refused(_("the page redirects more than %(most)s times"), most=trip.guard.redirects)
        try:
            url = urljoin(url, answer)
        except ValueError as fault:
            raise Refused(
                _("%(url)s redirects to %(target)s, which is no address"), url=url, target=repr(answer)
            ) from fault


def _hop(url: str, trip: _Trip) -> Fetched | str:
    """One request: a page, or the address it redirects to."""
    guard = trip.guard
    with (
        _session(trip, urlsplit(url).netloc) as session,
        session.get(url, allow_redirects=False, stream=True, timeout=trip.left()) as answer,
    ):
        headers = answer.headers
        if sum(len(name) + len(value) for name, value in headers.items()) > guard.header_bytes:
            raise Refused(
                _("the server sent more than %(most)s bytes of headers"), most=f"{guard.header_bytes:,}"
            )
        if answer.status_code in MOVED and "Location" in headers:
            # Header bytes come as Latin-1; what sites put there is UTF-8.
            return str(headers["Location"]).encode("latin-1", "replace").decode("utf-8", "replace")
        if answer.status_code != HTTPStatus.OK:
            status = answer.status_code
            raise Declined(
                status, _("the server answered %(status)s %(reason)s"), status=status, reason=answer.reason
            )
        raw = answer.raw.stream(CHUNK, decode_content=False)
        data = b"".join(_capped(_decoded(raw, headers.get("Content-Encoding", "")), guard, trip))
    kind = Message()
    kind["Content-Type"] = headers.get("Content-Type", "")
    declared = kind.get_content_type() if kind["Content-Type"] else ""
    return Fetched(url, data, declared, str(kind.get_content_charset() or ""))


def _capped(chunks: Iterable[bytes], guard: Guard, trip: _Trip) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        trip.left()
        size += len(chunk)
        if size > guard.bytes:
            raise Refused(_("the page is larger than %(most)s bytes"), most=f"{guard.bytes:,}")
        yield chunk


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body without its compression, in pieces no larger than CHUNK: a bomb stops at the cap."""
    if encoding.strip().lower() in ("", "identity"):
        yield from chunks
        return
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise Refused(
            _("the page is compressed as %(encoding)s, which was not asked for"), encoding=repr(encoding)
        )
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            while chunk:
                if unpacking.eof:
                    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
                yield unpacking.decompress(chunk, CHUNK)
                chunk = unpacking.unconsumed_tail or unpacking.unused_data
        while not unpacking.eof and (rest := unpacking.decompress(b"", CHUNK)):
            yield rest
    except zlib.error as fault:
        raise Unreachable(_("the page's compression is damaged")) from fault
    if not unpacking.eof:
        raise Unreachable(_("the page broke off in the middle"))
