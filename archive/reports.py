"""What a page showed becomes rows: its reports with unit and year, versions, sightings, figures, checks, events."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from extract import titles
from extract.model import Report
from extract.reader import scope as scope_of
from extract.records import number
from extract.titles import squeeze

from . import events, identity, review, whose
from .clock import now
from .grouping import groups
from .pages import Member, Page, Showing
from .reading import Reading
from .together import Candidate, disagreements, rank

MAX_VOLATILE = 80  # characters: a counter or a stamp stands on a short line of its own
_VOLATILE = re.compile(
    r"(?:浏览|点击|阅读|访问)(?:次数|量|数)?[:：]|【?(?:打印|关闭)|分享到|责任编辑[:：]|更新(?:时间|日期)[:：]|字体[:：]"
)


def fail(db: Database, member: Member, kind: str, reason: str, reader: str, readers: str = "") -> None:
    """A failure row for a document, in place of an older one.

    `readers`: set where the same readers need not try again (`shelf.py`).
    """
    db.execute("delete from failure where subject = ?", [member.payload])
    db.table("failure").insert(
        {
            "subject": member.payload,
            "kind": kind,
            "reason": reason,
            "url": member.url,
            "portal": member.capture["portal"],
            "reader": reader,
            "readers": readers,
            "round": member.capture["round"],
            "at": member.capture["fetched_at"],
        }
    )


def write_page(db: Database, page: Page, readings: Mapping[str, Reading]) -> tuple[int, int]:
    """All reports that a page showed, showing by showing: (written, left for review because the unit is not clear).

    What an earlier build made of the page is replaced: versions and reports that no page shows any more go. What a
    person decided of its documents comes before anything that is printed.
    """
    touched = events.forget_page(db, page.key)
    review.forget_page(db, page.key)
    decisions = review.decisions(db, page.key)
    written, unclear = 0, 0
    shown: dict[str, str] = {}  # report → the version that the page showed last
    for showing in page.showings:
        for year, candidates in groups(showing, readings, page.county):
            decided = review.decided(decisions, [(each.member.payload, each.report.title) for each in candidates])
            if decided and not decided.is_report:
                continue
            year = (decided and decided.year) or year
            candidates.sort(key=lambda candidate: rank(candidate, year))
            head = readings.get(showing.members[0].payload)
            if year is None:
                _ask_year(db, page, showing, candidates[0])
                unclear += 1
            elif sighted := _write_report(db, page, showing, year, candidates, head, decided):
                report, version = sighted
                events.record_change(db, page, showing, report, shown.get(report), version)
                shown[report] = version
                touched.add(report)
                written += 1
            else:
                unclear += 1
    for report in sorted(touched):
        events.settle(db, report)
    return written, unclear


def _ask_year(db: Database, page: Page, showing: Showing, best: Candidate) -> None:
    """The question of which year a report is that says none."""
    why = f"of which year is {best.report.title!r}? nothing says it"
    fail(db, best.member, "needs_review", why, "")
    stated = _stated_date(best, showing, None)
    key = (page.key, best.member.payload, best.report.title)
    said = {"date": stated} if stated else {}
    review.ask(db, "year", key, why, showing.at, said, [int(stated[:4]) - 1] if stated else [], page.county[0])


def _write_report(
    db: Database,
    page: Page,
    showing: Showing,
    year: int,
    candidates: Sequence[Candidate],
    head: Reading | None,
    decided: review.Decision | None,
) -> tuple[str, str] | None:
    """One report with its version, sightings and figures: (report, version), or None where it is not clear whose it is."""
    best, *others = candidates
    key = (page.key, best.member.payload, best.report.title)
    whose_ = whose.of_report(db, page, showing, candidates, head, decided)
    if whose_.unit is None:
        why = f"whose report is {best.report.title!r}? {whose_.note}"
        fail(db, best.member, "needs_review", why, "")
        review.ask(db, "unit", key, why, showing.at, whose_.said, whose_.candidates, page.county[0])
        return None
    unit = whose_.unit
    kind = scope_of(unit.name) if unit.type in ("government", "office") else best.report.scope
    report_id = f"{unit.id}/{kind}/{year}"
    doubts = list(whose.year_questions(year, best, (best.report.title, _title(best, showing, head))))
    if doubts and not (decided and decided.year):
        years = sorted({year, *(other for _, other in doubts)})
        said = {**whose_.said, "year": str(year)}
        why = "; ".join(note.removeprefix("year_mismatch: ") for note, _ in doubts)
        review.ask(db, "year", key, why, showing.at, said, years, page.county[0], report_id)
    notes = [
        *best.report.notes,
        *([whose_.note] if whose_.note else []),
        *disagreements(year, best, others),
        *(note for note, _ in doubts),
    ]
    _write_unit(db, unit, page)
    version, first = _write_version(db, report_id, unit, kind, year, best, showing, notes, head)
    for candidate in (best, *others):
        _write_sighting(db, version, candidate, "best" if candidate is best else "other", page, showing)
    whose.write_credit(db, page, report_id, head)
    if first == best.member.payload:  # places are those of the version's own document
        _write_contents(db, version, best.report)
    return report_id, version


def _write_unit(db: Database, unit: identity.Unit, page: Page) -> None:
    row = {"id": unit.id, "region": unit.region, "name": unit.name, "full_name": unit.full_name, "type": unit.type}
    db.execute(
        "insert into unit (id, region, name, full_name, type, portal, found_at) values (:id, :region, :name, :full_name, :type, "
        ":portal, :at) on conflict (id) do update set full_name = excluded.full_name "
        "where length(excluded.full_name) > length(unit.full_name)",
        {**row, "portal": page.portal, "at": now()},
    )


def content_digest(report: Report, written: str) -> str:
    """What makes two documents one version: text and figures, without white space and without what changes by itself."""
    lines = [
        line for line in map(squeeze, written.splitlines()) if not (len(line) < MAX_VOLATILE and _VOLATILE.search(line))
    ]
    figures = [f"{path}={figure.state}{figure.value}" for path, figure in sorted(report.figures.items())]
    return hashlib.sha256("\n".join([*lines, *figures]).encode()).hexdigest()


def _write_version(
    db: Database,
    report_id: str,
    unit: identity.Unit,
    kind: str,
    year: int,
    best: Candidate,
    showing: Showing,
    notes: Sequence[str],
    head: Reading | None,
) -> tuple[str, str]:
    """The version that this content is of the report, and its own document: the first that showed it, which gives its id.

    A document that a newer reader sees otherwise is the same version, so it makes no event.
    """
    report, title = best.report, _title(best, showing, head)
    db.execute(
        "insert into report (id, region, unit, scope, year, title, publisher, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "on conflict (id) do update set first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
        [report_id, unit.region, unit.id, kind, year, title, report.publisher, showing.at, showing.last],
    )
    content = content_digest(report, best.reading.written)
    document = best.member.payload
    known = "select id, document from version where report = ? and"
    before = next(db.query(f"{known} content = ?", [report_id, content]), None)
    before = before or next(db.query(f"{known} document = ?", [report_id, document]), None)
    version = str(before["id"]) if before else hashlib.sha256(f"{report_id}\n{document}".encode()).hexdigest()[:16]
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
        "stated_date": _stated_date(best, showing, head),
        "first_seen": showing.at,
        "last_seen": showing.last,
    }
    if before is None:
        db.table("version").insert(row)
    else:
        db.table("version").update(
            version, {key: row[key] for key in row if key not in ("id", "document", "first_seen")}
        )
    return version, str(before["document"]) if before else document


def _title(best: Candidate, showing: Showing, head: Reading | None) -> str:
    """The title that the document prints; where that is none of a report (附件), the page's, else that of its link."""
    link = str(showing.members[0].capture["link_text"])
    if best.unit is not None:
        link, head = best.member.path.rpartition("/")[2].rpartition(".")[0], None
    said = (best.report.title, head.text.title if head and head.text else "", link)
    return next((title for title in said if titles.parse(title)), best.report.title)


def _stated_date(best: Candidate, showing: Showing, head: Reading | None) -> str | None:
    """The date that the page states; else the one in the list."""
    metadata = head.text.metadata if head and head.text else best.reading.text.metadata if best.reading.text else {}
    return metadata.get("date") or showing.members[0].capture["stated_date"] or metadata.get("written")


def _write_sighting(db: Database, version: str, candidate: Candidate, role: str, page: Page, showing: Showing) -> None:
    capture = candidate.member.capture
    row = {
        "page": page.key,
        "url": candidate.member.url,
        "version": version,
        "document": candidate.member.payload,
        "role": role,
        "capture": candidate.member.holder["id"],
        "link_text": capture["link_text"],
        "backfill": int(page.is_backfill(page.discovered if _is_named(showing) else showing.at)),
        "first_seen": showing.at,
        "last_seen": showing.last,
    }
    db.execute(
        f"insert into sighting ({', '.join(row)}) values ({', '.join(':' + key for key in row)}) "
        "on conflict (page, url, version) do update set last_seen = excluded.last_seen, role = excluded.role",
        row,
    )


def _is_named(showing: Showing) -> bool:
    """Whether a list named the page a report, so that it was known from when it was listed; a year in a menu is no name."""
    return titles.parse(str(showing.members[0].capture["link_text"])) is not None


def _write_contents(db: Database, version: str, report: Report) -> None:
    """Figures, sections, numbers and checks of a version, in place of what an earlier reader saw."""
    for table in ("figure", "section", "number", "check_result"):
        db.execute(f"delete from {table} where version = ?", [version])
    db.conn.executemany(
        "insert into figure values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (version, f.path, number(f.value), f.state.value, f.written, f.unit, f.form,
             json.dumps(f.place.to_json() if f.place else {}), f.confidence)
            for f in report.figures.values()
        ],
    )  # fmt: skip
    db.conn.executemany(
        "insert into section values (?, ?, ?, ?)",
        [(version, part.n, part.heading, part.text) for part in report.sections],
    )
    db.conn.executemany(
        "insert into number values (?, ?, ?, ?)",
        [(version, said.key, number(said.value), said.text) for said in report.narrative.values()],
    )
    db.conn.executemany(
        "insert into check_result values (?, ?, ?, ?, ?, ?)",
        [(version, c.id, c.scope, c.result.value, c.expected, c.found) for c in report.checks],
    )
