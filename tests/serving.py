"""Servers on this machine for tests that fetch, and a listener that proves nobody came."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PUBLIC = "127.0.0.2"  # stands for a server of the internet; the guard of a test lets it through by name
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """A server: what it answers by path, and the requests that came, as (path, headers)."""

    port: int = 0
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = PUBLIC) -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, body: bytes, kind: str = "text/html", **headers: str) -> str:
        self.pages[path] = (200, {"Content-Type": kind} | headers, body)
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        self.pages[path] = (status, {"Location": to.encode().decode("latin-1")}, b"")
        return self.url(path)


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a guard that hangs up is no fault of the server."""


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            answer = site.pages.get(self.path, (404, {}, b"nothing here"))
            if callable(answer):
                answer(self)
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: a test's output is its own."""

    server = Quiet((PUBLIC, 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class Listener:
    """A port inside the network that nobody may come to."""

    port: int
    sockets: list[socket.socket]

    def visitors(self) -> int:
        """How many connections were made, also those that hung up at once."""
        found = 0
        for one in self.sockets:
            one.settimeout(0.05)
            while True:
                try:
                    one.accept()[0].close()
                except (TimeoutError, BlockingIOError):
                    break
                found += 1
        return found


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on 127.0.0.1 and, where the machine has it, ::1, on one port."""
    four = socket.create_server(("127.0.0.1", 0))
    port = four.getsockname()[1]
    sockets = [four]
    with suppress(OSError):  # where there is no IPv6
        sockets.append(socket.create_server(("::1", port), family=socket.AF_INET6))
    try:
        yield Listener(port, sockets)
    finally:
        for one in sockets:
            one.close()
