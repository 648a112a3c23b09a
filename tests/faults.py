"""A server of faults on the loopback, byte-exact: every case is a portal of its own, with good reports and one that is not.

    with Faults(CASES) as faults: …  # faults.urls, faults.asked("cut short"), faults.cookies("…")

A case answers with whole pages or writes to the socket itself. The portals of all cases are crawled in one run. Nothing of
the product is imported.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.oddities import list_page, report_page

PORT_TRIES = 20
COUNTY = "清沙县"
GOOD, BAD = f"{COUNTY}水务局2023年政府信息公开工作年度报告", f"{COUNTY}教育局2024年政府信息公开工作年度报告"
OTHER = f"{COUNTY}民政局2024年政府信息公开工作年度报告"
GOODS = {f"/zwgk/good{year}.html": GOOD.replace("2023", str(year)) for year in (2020, 2021, 2022, 2023)}
FAULT = "/zwgk/fault.html"
REPORT = report_page(BAD).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path, its headers (names in lower case), how often this path was asked before."""

    path: str
    headers: Mapping[str, str]
    before: int


Wire = Callable[[socket.socket, Asked], None]
Page = bytes | str | Wire


@dataclass(frozen=True, slots=True)
class Case:
    """A fault: what is sent, the kind that is expected (empty: the report is read), and how many requests it may cost.

    `pages` are those of the portal beside the home page, the column and the good report; `extra` stands on the list below
    the rows. `on`: the paths that the fault concerns, by default FAULT; the first is the row that is looked at.
    `asked`: requests to them in all. `state`: of the portal afterwards.
    """

    name: str
    sent: str
    kind: str
    pages: Mapping[str, Page]
    asked: int = 1
    on: tuple[str, ...] = (FAULT,)
    rows: tuple[tuple[str, str], ...] = ((FAULT, BAD),)
    state: str = "partial"
    extra: str = ""
    found: int = 1  # reports that are known: the good ones count as one, and the case's own, where its page is one


def http(
    status: int = 200,
    body: bytes | str = b"",
    media_type: str = "text/html; charset=utf-8",
    headers: Iterable[tuple[str, str]] = (),
    length: int | None = None,
) -> bytes:
    """An answer, byte for byte; a length of one's own makes it end too early."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Type: {media_type}"] if media_type else []
    lines += [f"Content-Length: {len(data) if length is None else length}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def chunked(*parts: bytes, end: bool = True) -> bytes:
    """The parts as chunks, with or without the last one."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + (b"0\r\n\r\n" if end else b"")


def redirect(target: str, *headers: tuple[str, str], status: int = 302) -> bytes:
    return http(status, headers=[("Location", target), *headers])


def page(main: str, title: str = "提示", head: str = "") -> str:
    """A page of anything."""
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{main}</body></html>"
    )


def then(*answers: bytes) -> Wire:
    """The first answer to the first request, and so on; the last for ever. A torn one closes the connection."""

    def wire(peer: socket.socket, asked: Asked) -> None:
        peer.sendall(answers[min(asked.before, len(answers) - 1)])
        peer.shutdown(socket.SHUT_RDWR)

    return wire


def closing(data: bytes) -> Wire:
    """Bytes, and the end of the connection."""
    return then(data)


def reset(peer: socket.socket, asked: Asked) -> None:
    """The connection is reset, as a national filter or a firewall does it."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def trickle(peer: socket.socket, asked: Asked) -> None:
    """Ten bytes a second of a page of a thousand."""
    peer.sendall(http(200, b"", length=1_000))
    for _ in range(100):
        peer.sendall(b"<p>....</p")
        time.sleep(1)


def endless(head: bytes, piece: bytes, count: int) -> Wire:
    """A piece, again and again."""

    def wire(peer: socket.socket, asked: Asked) -> None:
        peer.sendall(head)
        for _ in range(count):
            peer.sendall(piece)

    return wire


class Faults:
    """The running portals of some cases: a context manager."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self.cases = {case.name: case for case in cases}
        self.hosts = {name: f"127.23.{1 + number // 200}.{1 + number % 200}" for number, name in enumerate(self.cases)}
        self.requests: list[tuple[str, str, Mapping[str, str]]] = []
        self.port = 0
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def url(self, name: str) -> str:
        """The home page of a case's portal."""
        return f"http://{self.hosts[name]}:{self.port}/"

    def asked(self, name: str, *paths: str) -> int:
        """How often these paths of a case were asked for; everything but robots.txt, where none is given."""
        return sum(
            case == name and (path in paths or (not paths and path != "/robots.txt")) for case, path, _ in self.requests
        )

    def __enter__(self) -> Self:
        for attempt in range(PORT_TRIES):
            try:
                self._bind()
                break
            except OSError:
                self._close()
                if attempt == PORT_TRIES - 1:
                    raise
        for name, listening in zip(self.cases, self._sockets, strict=True):
            threading.Thread(target=self._accept, args=(name, listening), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _bind(self) -> None:
        port = 0
        for host in self.hosts.values():
            listening = socket.socket()
            self._sockets.append(listening)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, port))
            listening.listen(64)
            port = listening.getsockname()[1]
        self.port = port

    def _close(self) -> None:
        for listening in self._sockets:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        self._sockets = []

    def _accept(self, name: str, listening: socket.socket) -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(name, peer), daemon=True).start()

    def _serve(self, name: str, peer: socket.socket) -> None:
        """The requests of one connection, one after the other."""
        with peer, suppress(OSError):
            rest = b""
            while True:
                while b"\r\n\r\n" not in rest:
                    more = peer.recv(65536)
                    if not more:
                        return
                    rest += more
                head, _, rest = rest.partition(b"\r\n\r\n")
                first, *lines = head.decode("latin-1").split("\r\n")
                path = first.split(" ")[1]
                headers = {line.partition(":")[0].strip().lower(): line.partition(":")[2].strip() for line in lines}
                with self._lock:
                    before = self.asked(name, path)
                    self.requests.append((name, path, headers))
                answer = self.answer(name, path)
                if callable(answer):
                    answer(peer, Asked(path, headers, before))
                    return
                peer.sendall(answer)

    def answer(self, name: str, path: str) -> bytes | Wire:
        """What a case's portal answers at a path: its own page, or one of those that every portal has."""
        case = self.cases[name]
        found = case.pages.get(path, case.pages.get("*"))
        usual = self._usual(case, path)
        chosen = usual if usual is not None and path not in case.pages else found
        if chosen is None:
            return http(404, page("<h1>404</h1>"))
        is_whole = callable(chosen) or (isinstance(chosen, bytes) and chosen.startswith(b"HTTP/"))
        return chosen if is_whole else http(200, chosen)  # type: ignore[return-value, arg-type]

    def _usual(self, case: Case, path: str) -> bytes | None:
        if path == "/robots.txt":
            return http(404, "")
        if path == "/":
            return http(200, list_page([("/zwgk/nb/", "政府信息公开年报", None)], title=f"{COUNTY}人民政府"))
        if path == "/zwgk/nb/":
            rows = [*GOODS.items(), *case.rows]
            return http(200, list_page([(href, text, "2025-01-15") for href, text in rows], case.extra))
        return http(200, report_page(GOODS[path])) if path in GOODS else None
