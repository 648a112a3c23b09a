"""Serves the portals on the loopback, each on an address of its own, all on one port.

The day can be changed while it runs, a portal can be switched off or emptied, and every request is written down: the
tests of the crawler read politeness, conditional requests and completeness from that log.
"""

import hashlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from .model import Truth
from .site import Library, Request, Response, Site
from .sites import HOSTS, sites
from .truth import make_truth

FILES = "files"  # a host that has no portal, only attached files of those that keep them elsewhere
FILES_HOST = "127.21.1.1"
FIRST_DAY = date(2026, 1, 10)
CONTROL = "/_day"
PORT_TRIES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One answered request; times are of the monotonic clock, `connection` counts TCP connections."""

    started: float
    ended: float
    portal: str
    method: str
    path: str
    status: int
    user_agent: str
    connection: int
    if_none_match: str | None
    if_modified_since: str | None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a report stands on a day: absolute URLs of its pages and of its attached files."""

    pages: tuple[str, ...]
    attachments: tuple[str, ...]


class Portals:
    """The running portals: a context manager, or `start` and `stop`.

    `day` may be set at any time. A portal named in `down` resets its connections, one named in `empty` lists nothing
    in its columns. `kinds`: sites of their own in place of those of their name. `on_response` is called after each complete answer with the number of answers so far.
    """

    def __init__(
        self,
        day: date = FIRST_DAY,
        port: int = 0,
        truth: Truth | None = None,
        kinds: Mapping[str, type[Site]] = MappingProxyType({}),
    ) -> None:
        self.truth = make_truth() if truth is None else truth
        self.day = day
        self.port = port
        self.down: set[str] = set()
        self.empty: set[str] = set()
        self.requests: list[Entry] = []
        self.on_response: Callable[[int, Entry], None] | None = None
        library = Library(self.truth)
        self.sites: dict[str, Site] = {
            county.portal: {**sites(), **kinds}[county.portal](self.truth, library) for county in self.truth.counties
        }
        self._servers: list[Server] = []
        self._lock = threading.Lock()
        self._connections = 0

    @property
    def urls(self) -> dict[str, str]:
        """The home page of each portal."""
        return {name: f"http://{HOSTS[name]}:{self.port}/" for name in self.sites}

    @property
    def hosts(self) -> dict[str, str]:
        """Where every host answers: the portals, and the host of files."""
        return self.urls | {FILES: f"http://{FILES_HOST}:{self.port}/"}

    def site_of(self, host: str, path: str) -> Site | None:
        """The portal that answers for a host and a path; None where none has such a file."""
        if host != FILES:
            return self.sites[host]
        return next((site for site in self.sites.values() if site.file_host == host and path in site.files), None)

    def url_of(self, key: str, day: date | None = None) -> Addresses:
        """Where a report stands on a day (by default: the portals' day); nowhere, when it is not shown."""
        report = self.truth.report(key)
        if not report.visible_on(day or self.day):
            return Addresses((), ())
        site = self.sites[report.portal]
        base, files = (self.hosts[host].rstrip("/") for host in (site.name, site.file_host or site.name))
        attached = (files + site.file_path(report),) if report.attachment else ()
        return Addresses(tuple(base + path for path in site.paths_on(report, day or self.day)), attached)

    def start(self) -> Self:
        """Binds the three addresses and serves them in threads; OSError when the port is taken."""
        self._servers = self._bind()
        self.port = self._servers[0].server_address[1]
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Ends the servers."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers = []

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def next_connection(self) -> int:
        """The number of a new TCP connection."""
        with self._lock:
            self._connections += 1
            return self._connections

    def record(self, entry: Entry) -> None:
        """Writes an answered request down."""
        with self._lock:
            self.requests.append(entry)
            count = len(self.requests)
        if self.on_response:
            self.on_response(count, entry)

    def _bind(self) -> "list[Server]":
        for attempt in range(PORT_TRIES):
            servers: list[Server] = []
            try:
                for name, url in self.hosts.items():
                    host = str(urlsplit(url).hostname)
                    port = servers[0].server_address[1] if servers else self.port
                    servers.append(Server((host, port), self, name))
                return servers
            except OSError:
                for server in servers:
                    server.server_close()
                if self.port or attempt == PORT_TRIES - 1:
                    raise
        raise AssertionError("unreachable: the last attempt raises")


class Server(ThreadingHTTPServer):
    """One portal's socket."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], portals: Portals, name: str) -> None:
        self.portals = portals
        self.name = name
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is what the tests do on purpose."""


class Handler(BaseHTTPRequestHandler):
    """One TCP connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    server_version = "portal"
    server: Server
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        """Numbers the connection."""
        super().setup()
        self.number = self.server.portals.next_connection()

    def do_GET(self) -> None:
        """Answers with a body."""
        self._answer(with_body=True)

    def do_POST(self) -> None:
        """Answers with a body to what a script of a page asks."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answers with the headers that GET would give."""
        self._answer(with_body=False)

    def _answer(self, with_body: bool) -> None:
        started = time.monotonic()
        portals, name = self.server.portals, self.server.name
        if name in portals.down:
            self._reset()
            return
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == CONTROL:
            self._send(self._control(query), with_body)
            return
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        request = Request(
            parts.path,
            query,
            portals.day,
            name in portals.empty,
            self.command,
            dict(parse_qsl(form, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            portals.hosts,
        )
        site = portals.site_of(name, request.target)
        status = self._send(site.respond(request) if site else Response(404, "text/plain", b""), with_body)
        agent = self.headers.get("User-Agent", "")
        conditions = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        ended = time.monotonic()
        portals.record(Entry(started, ended, name, self.command, self.path, status, agent, self.number, *conditions))

    def _control(self, query: dict[str, str]) -> Response:
        """Shows the day, or sets it: `/_day?date=2026-02-05`."""
        try:
            if "date" in query:
                self.server.portals.day = date.fromisoformat(query["date"])
        except ValueError as error:
            return Response(400, "text/plain; charset=utf-8", f"{error}\n".encode())
        return Response(200, "text/plain; charset=utf-8", f"{self.server.portals.day}\n".encode())

    def _send(self, response: Response, with_body: bool) -> int:
        """Sends the answer, or 304 where the client has it already; the status that went out."""
        status, body, headers = (
            response.status,
            response.body,
            {"Content-Type": response.media_type, **response.headers},
        )
        if response.changed:
            tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            changed = datetime(response.changed.year, response.changed.month, response.changed.day, 1, tzinfo=UTC)
            headers |= {"ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True)}
            if self._known(tag, changed):
                status, body = 304, b""
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)
        self.wfile.flush()
        return status

    def _known(self, tag: str, changed: datetime) -> bool:
        """Whether the client's copy is current; its ETag, where given, decides alone."""
        if given := self.headers.get("If-None-Match"):
            return tag in (known.strip().removeprefix("W/") for known in given.split(","))
        try:
            return changed <= parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (TypeError, ValueError):
            return False

    def _reset(self) -> None:
        """Ends the connection without an answer, as a host that refuses."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """The log is `Portals.requests`, not standard error."""
