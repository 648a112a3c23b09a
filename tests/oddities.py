"""A small server of hand-made pages for odd and hostile structures: no portal, no truth, only what a test writes down.

    with Odd({"/": list_page([("/a.html", "某局2024年政府信息公开工作年度报告", None)]), "/a.html": report_page("某局…")}) as odd:
        ...  # odd.url, odd.requests

Nothing of the product is imported. Real reports come from `report_body`, whose figures the truth knows.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.portals import make_truth
from tests.portals.site import Library

HOST = "127.22.0.1"
PORT_TRIES = 20
WITHOUT_BODY = frozenset({204, 304})
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
MINIMAL = "\n".join(f"<p>{heading}</p>\n<p>本年度没有需要说明的情况。</p>" for heading in HEADINGS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `headers` come last and replace others of their name; no Content-Type where it is empty.

    An ETag answers conditional requests. A Content-Length of one's own is sent as it is, and the connection is closed behind the body: so an answer is torn.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Content = str | bytes | Answer
Maker = Callable[[str, Mapping[str, str]], Content]
Page = Content | Maker
Pages = Mapping[str, Page]


class Odd:
    """The running server: a context manager.

    `pages` says what stands at a path with its query, exactly as it is asked for; a text is sent as UTF-8. A function
    of (path, query) makes the page for its path with any query. A key that ends in `*` stands for every address that
    begins so, the longest first. Everything else is 404. `also` has the pages of further hosts (127.x.y.z) on the same
    port. `self.pages[host]` may be added to while it runs, for pages that name the port. `requests` holds (host,
    method, path with query), written before the answer goes out.
    """

    def __init__(self, pages: Pages, host: str = HOST, also: Mapping[str, Pages] | None = None) -> None:
        self.host = host
        self.pages: dict[str, dict[str, Page]] = {host: dict(pages)}
        self.pages |= {other: dict(others) for other, others in (also or {}).items()}
        self.requests: list[tuple[str, str, str]] = []
        self.port = 0
        self._servers: list[Server] = []

    @property
    def url(self) -> str:
        """The home page."""
        return self.url_of(self.host)

    def url_of(self, host: str) -> str:
        """The home page of a host; KeyError for one that has no pages."""
        if host not in self.pages:
            raise KeyError(host)
        return f"http://{host}:{self.port}/"

    def __enter__(self) -> Self:
        self._servers = self._bind()
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers = []

    def answer(self, host: str, target: str) -> Answer:
        """What a host answers at a path with its query."""
        parts = urlsplit(target)
        page = self._page(self.pages[host], target, parts.path)
        if callable(page):
            page = page(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))
        if page is None:
            return Answer(404, b"<html><head><title>404</title></head><body><h1>404</h1></body></html>")
        if isinstance(page, Answer):
            return page
        return Answer(body=page.encode() if isinstance(page, str) else page)

    def _page(self, pages: Pages, target: str, path: str) -> Page | None:
        if target in pages:
            return pages[target]
        if callable(pages.get(path)):
            return pages[path]
        starts = [key for key in pages if key.endswith("*") and target.startswith(key[:-1])]
        return pages[max(starts, key=len)] if starts else None

    def _bind(self) -> "list[Server]":
        """A server for each host, all on a port that is free on the first; OSError when there is none."""
        for attempt in range(PORT_TRIES):
            servers: list[Server] = []
            try:
                for host in self.pages:
                    servers.append(Server((host, servers[0].server_address[1] if servers else 0), self, host))
                self.port = servers[0].server_address[1]
                return servers
            except OSError:
                for server in servers:
                    server.server_close()
                if attempt == PORT_TRIES - 1:
                    raise
        raise AssertionError("unreachable: the last attempt raises")


class Server(ThreadingHTTPServer):
    """The socket of one host."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], odd: Odd, host: str) -> None:
        self.odd = odd
        self.host = host
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is no trouble."""


class Handler(BaseHTTPRequestHandler):
    """One TCP connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    server_version = "odd"
    server: Server
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answers with a body."""
        self._answer()

    def do_POST(self) -> None:
        """Answers as to GET."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def do_HEAD(self) -> None:
        """Answers with the headers that GET would give."""
        self._answer(with_body=False)

    def _answer(self, with_body: bool = True) -> None:
        odd, host = self.server.odd, self.server.host
        odd.requests.append((host, self.command, self.path))
        answer = odd.answer(host, self.path)
        tag = answer.headers.get("ETag")
        if tag and self.headers.get("If-None-Match") == tag:
            answer = Answer(304, headers={"ETag": tag})
        headers = {"Content-Type": answer.media_type} if answer.media_type else {}
        if answer.status not in WITHOUT_BODY:
            headers["Content-Length"] = str(len(answer.body))
        given = {name.lower() for name in answer.headers}
        headers = {name: value for name, value in headers.items() if name.lower() not in given}
        self.send_response(answer.status)
        for name, value in (headers | dict(answer.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if with_body and answer.status not in WITHOUT_BODY:
            self.wfile.write(answer.body)
        self.wfile.flush()
        if given & {"content-length", "transfer-encoding"}:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """The log is `Odd.requests`, not standard error."""


def report_body(key: str) -> str:
    """A report of the truth as HTML, by its key ("lonsun/jiaoyu/2022"); KeyError where there is none."""
    truth = make_truth(every=True)
    return Library(truth).body(truth.report(key), 0)


def report_page(title: str, body_html: str = MINIMAL) -> str:
    """A plain detail page around a body, by default a report of six headings without tables."""
    heading = f"<h1>{escape(title)}</h1>\n<p>发布时间：2025-01-20　来源：本单位</p>"
    return _page(title, f'{heading}\n<div class="content">\n{body_html}\n</div>')


def list_page(rows: Iterable[tuple[str, str, object]], extra: str = "", title: str = "政府信息公开年报") -> str:
    """A plain list of (href, title, date or None), and what stands below it: a pager, scripts, other links.

    A href is printed as it is, only quoted, so that a broken one stays broken; a date of any kind is printed by `str`.
    """
    items = "\n".join(
        f'<li><a href="{escape(href)}">{escape(text)}</a>{"" if day is None else f"<span>{day}</span>"}</li>'
        for href, text, day in rows
    )
    return _page(title, f'<h2>{escape(title)}</h2>\n<ul class="list">\n{items}\n</ul>\n{extra}')


def _page(title: str, main: str) -> str:
    head = f'<meta charset="utf-8">\n<title>{escape(title)}</title>'
    return f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{main}\n</body>\n</html>\n"
