"""A server that watches how it is asked: when each request came and ended, on which connection, at which address.

    with Watched({"a.test": {"/": "…", "/nb/": [Answer(503), "…"]}}, {"a.test": "127.30.0.1"}) as watched:
        ...  # watched.url("a.test"), watched.asked("a.test"), watched.connections

Hosts are names that only the crawl of `tests/named.py` knows, each at an address of the loopback. Nothing of the product is imported.
"""

import asyncio
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.oddities import Answer

Page = str | bytes | Answer
Pages = Mapping[str, Page | Sequence[Page]]
RESET = Answer(0)  # the connection ends without an answer
PORT_TRIES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when it came and when its answer was out (monotonic, seconds), and what it said."""

    started: float
    ended: float
    address: str
    host: str
    path: str
    status: int
    connection: int
    headers: Mapping[str, str]


@dataclass(slots=True)
class Connection:
    """A TCP connection to an address; `closed` is None while it is open."""

    number: int
    address: str
    opened: float
    closed: float | None = None


@dataclass(slots=True)
class Watched:
    """The running server. `pages`: by host and path; of a list of answers each request takes the next, the last stays.

    `slow`: seconds before the answer, by path. Everything that is not there is 404.
    """

    pages: Mapping[str, Pages]
    addresses: Mapping[str, str]
    slow: Mapping[str, float] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    port: int = 0
    requests: list[Asked] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._bind(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def url(self, host: str, path: str = "/") -> str:
        """An address on a host."""
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, host: str = "", path: str = "", address: str = "") -> list[Asked]:
        """What was asked of a host, at an address, for a path, in order of time."""
        rows = (each for each in self.requests if not host or each.host == host)
        rows = (each for each in rows if (not path or each.path == path) and (not address or each.address == address))
        return sorted(rows, key=lambda each: each.started)

    def forget(self) -> None:
        """Begin the logs anew; what answers come next stays."""
        self.requests.clear()

    async def _bind(self) -> None:
        for attempt in range(PORT_TRIES):
            servers = []
            try:
                for address in sorted(set(self.addresses.values())):
                    server = await asyncio.start_server(self._serve, address, self.port, ssl=self.tls)
                    self.port = server.sockets[0].getsockname()[1]
                    servers.append(server)
                return
            except OSError:
                for server in servers:
                    server.close()
                self.port = 0
                if attempt == PORT_TRIES - 1:
                    raise

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("sockname")[0]
        connection = Connection(len(self.connections), address, time.monotonic())
        self.connections.append(connection)
        try:
            while await self._answer(reader, writer, connection):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        connection.closed = time.monotonic()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: Connection) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        started = time.monotonic()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        host, path = headers["host"].partition(":")[0], first.split()[1]
        answer = self._page(host, path)
        await asyncio.sleep(self.slow.get(path, 0))
        try:
            if answer.status:
                writer.write(self._bytes(answer))
                await writer.drain()
        finally:
            about = (connection.address, host, path, answer.status, connection.number, headers)
            self.requests.append(Asked(started, time.monotonic(), *about))
        if not answer.status:
            writer.transport.abort()
        return bool(answer.status)

    def _page(self, host: str, path: str) -> Answer:
        page = self.pages.get(host, {}).get(path, Answer(404))
        if isinstance(page, Sequence) and not isinstance(page, str | bytes):
            count = self._counts.get((host, path), 0)
            self._counts[host, path] = count + 1
            page = page[min(count, len(page) - 1)]
        if isinstance(page, Answer):
            return page
        return Answer(body=page.encode() if isinstance(page, str) else page)

    def _bytes(self, answer: Answer) -> bytes:
        headers = {"Content-Type": answer.media_type, "Content-Length": str(len(answer.body)), **answer.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {answer.status} X\r\n{lines}\r\n".encode("latin-1") + answer.body
