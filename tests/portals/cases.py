"""Portals whose pages are laid down day by day: what stands at an address from when to when, and what their lists show.

For scenarios of change: a page may be replaced, moved, emptied or refused on a day. Reports are made from drafts of the
truth, so that every figure is known. Answers have validators, so that crawlers ask conditionally.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape

from .amounts import number
from .documents import Document, Paragraph, document
from .model import ReportTruth
from .render_docx import docx_file
from .render_html import html_body
from .render_pdf import pdf_file
from .truth import make_truth

HTML = "text/html; charset=utf-8"
PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "lonsun/caizheng/2022"  # a report without any irregularity
WORDS = "政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address answers from a day on, until another day."""

    path: str
    since: date
    body: bytes = b""
    media_type: str = HTML
    status: int = 200
    location: str = ""
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it stands there on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a column's list."""

    path: str
    title: str
    stated: date
    since: date
    until: date | None = None
    column: str = "/nb/"

    def holds(self, day: date) -> bool:
        """Whether it is listed on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(slots=True)
class Stage:
    """A county's portal over the year. `columns`: address → its name on the home page."""

    name: str
    region: str
    host: str
    columns: Mapping[str, str] = field(default_factory=lambda: {"/nb/": "政府信息公开年报"})
    rows: list[Row] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def on(self, day: date) -> dict[str, Shown]:
        """What every address answers on a day; what was laid down last counts."""
        links = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in self.columns.items())
        found = {"/": Shown("/", day, whole(f"{self.name}人民政府", f"<ul>{links}</ul>"))}
        for path, name in self.columns.items():
            rows = sorted(
                (row for row in self.rows if row.column == path and row.holds(day)), key=lambda row: row.stated
            )
            found[path] = Shown(path, day, whole(name, f'<h2>{name}</h2><ul class="list">{_items(rows[::-1])}</ul>'))
        return found | {each.path: each for each in self.shown if each.holds(day)}

    def list(
        self, path: str, title: str, stated: date, since: date, until: date | None = None, column: str = ""
    ) -> None:
        """Put a row into a list, by default that of the first column."""
        self.rows.append(Row(path, title, stated, since, until, column or next(iter(self.columns))))

    def show(
        self, path: str, since: date, body: bytes = b"", media_type: str = HTML, *, status: int = 200,
        location: str = "", until: date | None = None,
    ) -> None:  # fmt: skip
        """Lay something down at an address; `until`: the day on which what was there before is back."""
        self.shown.append(Shown(path, since, body, media_type, status, location, until))

    def publish(self, path: str, report: ReportTruth, stated: date, since: date, column: str = "") -> None:
        """A report as a page of its own, and its row in the list."""
        self.list(path, report.title, stated, since, column=column)
        self.show(path, since, page(report.title, html_body(document(report)), stated))


def etag(answer: Shown) -> str:
    """The validator of an answer."""
    return f'"{hashlib.sha256(answer.body).hexdigest()[:20]}"'


def draft(county: str, unit: str, year: int, changes: Mapping[str, int] | None = None, title: str = "") -> ReportTruth:
    """A report of an organ of a county; `changes`: figures by path that are other than those of the draft."""
    made, name = make_truth().report(DRAFT), f"{county}{unit}"
    figures = dict(made.figures) | {path: number(value) for path, value in (changes or {}).items()}
    kind = "town" if "镇" in unit else "street" if "街道" in unit else "department"
    return replace(
        made, key=f"cases/{name}/{year}", county=county, unit=name, unit_type=kind, year=year, figures=figures,
        title_lines=(title or f"{name}{year}年{WORDS}",), style=f"cases/{name}/{year}", carrier="html", layout=(), contact={},
    )  # fmt: skip


def page(title: str, body: str, stated: date, below: str = "") -> bytes:
    """A detail page around a body."""
    head = f"<h1>{escape(title)}</h1>\n<p>发布时间：{stated}　来源：本站</p>"
    return whole(title, f'{head}\n<div class="content">\n{body}\n</div>\n{below}')


def linking(title: str, stated: date, *files: str) -> bytes:
    """A detail page that only links its files."""
    links = "".join(f'<p>附件：<a href="{href}">{escape(title)}.{href.rpartition(".")[2]}</a></p>' for href in files)
    return page(title, f"<p>年报全文见附件。</p>{links}", stated)


def whole(title: str, main: str) -> bytes:
    """A whole page as bytes."""
    head = f'<meta charset="utf-8">\n<title>{escape(title)}</title>'
    return f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{main}\n</body>\n</html>\n".encode()


def joined(reports: list[ReportTruth], titles: bool = True) -> Document:
    """Several reports in one document, one behind the other; without titles nothing parts them."""
    made = [document(report) for report in reports]
    blocks = list(made[0].blocks)
    for each in made[1:]:
        blocks += [Paragraph(line) for line in each.title_lines if titles] + list(each.blocks)
    return replace(made[0], blocks=tuple(blocks))


def pdf(made: Document) -> bytes:
    """As a PDF file."""
    return pdf_file(made)


def docx(made: Document) -> bytes:
    """As a Word file."""
    return docx_file(made)


def without_numbers(report: ReportTruth) -> ReportTruth:
    """The report with every cell of its tables blank."""
    blank = {path: replace(cell, value=None, state="blank", written="") for path, cell in report.figures.items()}
    return replace(report, figures=blank)


def picture_pdf(picture: object) -> bytes:
    """A picture as a PDF of one page without text: a scan."""
    file = io.BytesIO()
    picture.convert("RGB").save(file, "PDF", resolution=130)  # type: ignore[attr-defined]
    return file.getvalue()


def _items(rows: list[Row]) -> str:
    return "".join(f'<li><a href="{row.path}">{escape(row.title)}</a><span>{row.stated}</span></li>' for row in rows)
