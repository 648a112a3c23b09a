"""What a report holds, as rows: its versions with their figures, sections, numbers and checks, and where they were seen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from msgspec.json import encode
from sqlite_utils import Database

from extract import titles
from extract.model import Report
from extract.records import number
from extract.titles import squeeze

from . import identity, statements
from .pages import Page, Showing
from .reading import Reading
from .together import Candidate

OF_VERSION = {  # what a version says: the views that people read, and their tables
    "figure": "version_figure",
    "section": "version_section",
    "section_part": "version_part",
    "number": "version_number",
    "check_result": "version_check",
}
MAX_VOLATILE = 80  # characters: a counter or a stamp stands on a short line of its own
_VOLATILE = re.compile(
    r"(?:浏览|点击|阅读|访问)(?:次数|量|数)?[:：]|【?(?:打印|关闭)|分享到|责任编辑[:：]|更新(?:时间|日期)[:：]|字体[:：]"
)
_VOLATILE_WORDS = "浏览 点击 阅读 访问 打印 关闭 分享到 责任编辑 更新 字体".split()  # one of them is in each


def content_digest(report: Report, written: str) -> str:
    """What makes two documents one version: text and figures, without white space and without what changes by itself.

    `written`: the text of the document, or what of it is the report's.
    """
    lines = [line for line in map(squeeze, written.splitlines()) if line]
    text = "\n".join(lines)
    if any(word in text for word in _VOLATILE_WORDS):  # cheaper than to search in every line
        text = "\n".join(line for line in lines if not _is_volatile(line))
    figures = [path + "=" + figure.state + str(figure.value) for path, figure in sorted(report.figures.items())]
    return hashlib.sha256("\n".join([text, *figures] if text else figures).encode()).hexdigest()


def _is_volatile(line: str) -> bool:
    return len(line) < MAX_VOLATILE and _VOLATILE.search(line) is not None


def _own_text(best: Candidate) -> str:
    """The text of a document; of one that holds several reports, this one's: a change in another is none in this."""
    if len(best.reading.reports) <= 1:
        return best.reading.written
    return "\n".join([best.report.title, *(f"{part.heading}\n{part.text}" for part in best.report.sections)])


def write_version(
    db: Database,
    report_id: str,
    unit: identity.Unit,
    kind: str,
    year: int,
    best: Candidate,
    showing: Showing,
    notes: Sequence[str],
    head: Reading | None,
) -> tuple[str, str, bool]:
    """The version that this content is of the report, its own document (the first that showed it, which gives its id), and
    whether it is new.

    A document that a newer reader sees otherwise is the same version, so it makes no event.
    """
    report, title = best.report, title_of(best, showing, head)
    db.execute(
        "insert into report (id, region, unit, scope, year, title, publisher, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "on conflict (id) do update set first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
        [report_id, unit.region, unit.id, kind, year, title, report.publisher, showing.at, showing.last],
    )
    content = content_digest(report, _own_text(best))
    document = best.member.payload
    known = "select id, document from version where report = ? and"
    before = statements.first(db, f"{known} content = ?", [report_id, content])
    before = before or statements.first(db, f"{known} document = ?", [report_id, document])
    version = str(before[0]) if before else hashlib.sha256(f"{report_id}\n{document}".encode()).hexdigest()[:16]
    row = {
        "id": version,
        "report": report_id,
        "document": best.member.payload,
        "content": content,
        "title": title,
        "forms": json.dumps(dict(report.forms)),
        "missing": json.dumps(list(report.missing)),
        "inferred": json.dumps({guess.path: [number(guess.value), guess.by] for guess in report.inferred}),
        "contact": json.dumps(dict(report.contact), ensure_ascii=False),
        "notes": json.dumps(list(notes), ensure_ascii=False),
        "stated_date": stated_date(best, showing, head),
        "pages": "-".join(map(str, report.pages or ())),
        "first_seen": showing.at,
        "last_seen": showing.last,
    }
    if before is None:
        statements.add(db, "version", row)
    else:
        db.table("version").update(
            version, {key: row[key] for key in row if key not in ("id", "document", "first_seen")}
        )
    return version, str(before[1]) if before else document, before is None


def title_of(best: Candidate, showing: Showing, head: Reading | None) -> str:
    """The title that the document prints; where that is none of a report (附件), the page's, else that of its link."""
    link = str(showing.members[0].capture["link_text"])
    if best.unit is not None:
        link, head = best.member.path.rpartition("/")[2].rpartition(".")[0], None
    said = (best.report.title, head.text.title if head and head.text else "", link)
    return next((title for title in said if titles.parse(title)), best.report.title)


def stated_date(best: Candidate, showing: Showing, head: Reading | None) -> str | None:
    """The date that the page states; else the one in the list."""
    metadata = head.text.metadata if head and head.text else best.reading.text.metadata if best.reading.text else {}
    return metadata.get("date") or showing.members[0].capture["stated_date"] or metadata.get("written")


def write_sighting(db: Database, version: str, candidate: Candidate, role: str, page: Page, showing: Showing) -> None:
    capture = candidate.member.capture
    row = {
        "page": page.key,
        "url": candidate.member.url,
        "version": version,
        "document": candidate.member.payload,
        "role": role,
        "capture": candidate.member.holder["id"],
        "link_text": capture["link_text"],
        "backfill": int(page.is_backfill(page.discovered if is_named(showing) else showing.at)),
        "first_seen": showing.at,
        "last_seen": showing.last,
    }
    db.execute(
        f"insert into sighting ({', '.join(row)}) values ({', '.join(':' + key for key in row)}) "
        "on conflict (page, url, version) do update set last_seen = excluded.last_seen, role = excluded.role",
        row,
    )


def is_named(showing: Showing) -> bool:
    """Whether a list named the page a report, so that it was known from when it was listed; a year in a menu is no name."""
    return titles.parse(str(showing.members[0].capture["link_text"])) is not None


def write_contents(db: Database, version: str, report: Report, fresh: bool) -> None:
    """Figures, sections, numbers and checks of a version, in place of what an earlier reader saw unless it is `fresh`."""
    ((n,),) = statements.rows(db, "select n from version where id = ?", [version])
    for table in () if fresh else OF_VERSION.values():
        db.execute(f"delete from {table} where version_n = ?", [n])
    of_version: dict[str, list[tuple[Any, ...]]] = {
        "version_figure": [
            (
                n,
                path,
                number(f.value),
                str(f.state),
                f.written,
                f.unit,
                f.form,
                encode(f.place).decode() if f.place else "{}",
                f.confidence,
                f.matched or None,
            )
            for path, f in sorted(report.figures.items())
        ],
        "version_section": [(n, part.n, part.heading, part.text) for part in report.sections],
        "version_part": [(n, part.kind, part.heading, part.text) for part in report.parts],
        "version_number": [(n, said.key, number(said.value), said.text) for said in report.narrative.values()],
        "version_check": sorted((n, c.id, c.scope, c.result.value, c.expected, c.found) for c in report.checks),
    }
    for table, made in of_version.items():
        statements.insert(db, table, made)
