"""What the portals have in common: what is shown on a day, under which address, with which file.

A portal is a function of the request and the day: the same day gives the same bytes. A family of portals adds its
addresses and its HTML (`sites/`).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from urllib.parse import urlencode

from .documents import document
from .model import NotReport, ReportTruth, Truth
from .quirks import LISTED_TWICE
from .render_docx import docx_file
from .render_html import html_body
from .render_pdf import pdf_file

ROWS = 15
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a portal on a day; `empty` makes its report columns list nothing.

    `form` is the body of a POST; `urls` says where every host of this machine answers (`Portals.urls`).
    """

    path: str
    query: Mapping[str, str]
    day: date
    empty: bool = False
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Response:
    """What a portal answers; `changed`, where it is known, gives the answer validators for conditional requests."""

    status: int
    media_type: str
    body: bytes
    changed: date | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a column page."""

    title: str
    path: str
    published: date


class Library:
    """The documents of a truth, each made when it is first asked for."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._made: dict[tuple[str, str, int], bytes] = {}

    def body(self, report: ReportTruth, revision: int) -> str:
        """The report as HTML."""
        return self._get(report, "html", revision).decode()

    def file(self, report: ReportTruth, revision: int) -> bytes:
        """The attached file; KeyError for a report without one."""
        return self._get(report, str(report.attachment), revision)

    def _get(self, report: ReportTruth, kind: str, revision: int) -> bytes:
        key = (report.key, kind, revision)
        if key not in self._made:
            render = {"html": lambda made: html_body(made).encode(), "docx": docx_file, "pdf": pdf_file}[kind]
            self._made[key] = render(document(report, revision))
        return self._made[key]


class Site(ABC):
    """One portal. Addresses are paths with their query, as `Request.target` writes them.

    `family` is the content system, where two portals show one. `notice_addresses`: where the three entries that are no
    reports stand, each with a place for its number. `columns`: the address of each column that a person would name, with
    the slug of the organ whose reports alone it lists ("" for the county's); folders inside of a column (years, 部门,
    乡镇) are no columns. `file_host`: the host of attached files, where it is another.
    """

    name: str
    family: str = ""
    notice_addresses: tuple[str, str, str]
    columns: Mapping[str, str]
    file_host: str = ""
    rows: int = ROWS
    encoding = "utf-8"
    robots: str | None = None

    def __init__(self, truth: Truth, library: Library) -> None:
        self.library = library
        self.county = truth.county(self.name)
        self.reports = truth.of_portal(self.name)
        self.pages = {path: report for report in self.reports for path in self.page_paths(report)}
        self.pages |= {_second(path): report for path, report in self.pages.items() if report.moves}
        self.files = {self.file_path(report): report for report in self.reports if report.attachment}
        self.others = {item.path: item for item in truth.not_reports if item.portal == self.name}

    @abstractmethod
    def page_paths(self, report: ReportTruth) -> tuple[str, ...]:
        """The addresses of a report's page, the one that the county's column links first."""

    @abstractmethod
    def file_path(self, report: ReportTruth) -> str:
        """The address of a report's attached file."""

    @abstractmethod
    def detail(self, report: ReportTruth, path: str, body: str) -> str:
        """The page of a report around its body."""

    @abstractmethod
    def notice(self, item: NotReport, body: str) -> str:
        """The page of an entry that is not a report."""

    @abstractmethod
    def other_page(self, request: Request) -> "str | Response | None":
        """Home page, column pages, answers to scripts; None where there is no such page."""

    def respond(self, request: Request) -> Response:
        """The answer to a request."""
        if request.path == "/robots.txt" and self.robots is not None:
            return Response(200, "text/plain; charset=utf-8", self.robots.encode())
        report = self.pages.get(request.target) or self.files.get(request.target)
        if report:
            return self._of_report(report, request)
        item = self.others.get(request.target)
        if item:
            return self._html(self.notice(item, _paragraphs(item.paragraphs)), item.published)
        page = self.other_page(request)
        if isinstance(page, Response):
            return page
        return self._missing() if page is None else self._html(page)

    def paths_on(self, report: ReportTruth, day: date) -> tuple[str, ...]:
        """The addresses of a report's page on a day."""
        paths = self.page_paths(report)
        return tuple(map(_second, paths)) if report.moved_on(day) else paths

    def entries(self, request: Request, slug: str | None = None) -> list[Entry]:
        """The rows of a column, newest first: everything, or the reports of one organ under their other address."""
        if request.empty:
            return []
        shown = [report for report in self.reports if report.visible_on(request.day) and slug in (None, report.slug)]
        rows = [
            Entry(report.title, self.paths_on(report, request.day)[-1 if slug else 0], report.published)
            for report in shown
        ]
        if slug is None:
            rows += [Entry(item.title, item.path, item.published) for item in self.others.values()]
            rows += [
                Entry(report.title, self.paths_on(report, request.day)[0], report.published + timedelta(days=6))
                for report in shown
                if report.key in LISTED_TWICE
            ]
        return sorted(rows, key=lambda row: (row.published, row.path), reverse=True)

    def attachment_links(self, href: str, report: ReportTruth) -> str:
        """The paragraph that links the attached file."""
        name = f"{escape(report.title)}.{report.attachment}"
        return f'<p>附件：<a href="{href}" title="{name}">{name}</a></p>'

    def file_headers(self, report: ReportTruth) -> Mapping[str, str]:
        """Headers of an attached file beyond the usual ones (Content-Disposition); latin-1 stands for raw bytes."""
        return {}

    def _of_report(self, report: ReportTruth, request: Request) -> Response:
        """Its page or file, where it is shown under this address on that day; what an address that it has left answers."""
        if not report.visible_on(request.day):
            return self._missing()
        if request.target in self.files or request.target in self.paths_on(report, request.day):
            return self._report(report, request)
        if report.redirects and report.moved_on(request.day):
            return Response(301, "text/html", b"", None, {"Location": _second(request.target)})
        return self._missing()

    def _report(self, report: ReportTruth, request: Request) -> Response:
        revision = report.revision_on(request.day)
        if request.target in self.files:
            body = self.library.file(report, revision)
            headers = self.file_headers(report)
            return Response(200, MEDIA_TYPES[str(report.attachment)], body, report.changed_on(request.day), headers)
        if "html" in report.carrier:
            body_html = self.library.body(report, revision)
            return self._html(self.detail(report, request.target, body_html), report.changed_on(request.day))
        return self._html(self.detail(report, request.target, "<p>年报全文见附件。</p>"), report.appears)

    def _html(self, page: str, changed: date | None = None, status: int = 200) -> Response:
        charset = "gb2312" if self.encoding == "gbk" else self.encoding
        body = page.encode(self.encoding, "xmlcharrefreplace")
        return Response(status, f"text/html; charset={charset}", body, changed)

    def _missing(self) -> Response:
        text = "<html><head><title>404</title></head><body><h1>404</h1><p>您访问的页面不存在。</p></body></html>"
        return self._html(text, status=404)


def _second(path: str) -> str:
    """The second address of a page: a 9 before its last number."""
    return re.sub(r"(\d+)(\D*)$", r"9\1\2", path)


def paged(rows: list[Entry], page: int, size: int = ROWS) -> tuple[list[Entry], int]:
    """The rows of a 1-based page, and how many pages there are (at least one)."""
    return rows[(page - 1) * size : page * size], max(1, -(-len(rows) // size))


def number_of(request: Request, name: str) -> int | None:
    """A number of the query: 1 where it is not given, None where it is not a number."""
    given = request.query.get(name, "1")
    return int(given) if given.isdecimal() else None


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
