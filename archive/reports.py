"""What a page showed becomes rows: its reports with unit and year, versions, sightings, figures, checks, events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from extract import titles
from extract.model import Report, State
from extract.reader import scope as scope_of
from extract.records import number
from extract.titles import squeeze

from . import identity
from .clock import now
from .events import record_version
from .pages import Member, Page, Showing
from .reading import Reading
from .search import index_report


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as one document of a page gives it."""

    member: Member
    reading: Reading
    report: Report


def fail(db: Database, member: Member, kind: str, reason: str, reader: str) -> None:
    """A failure row for a document, in place of an older one."""
    db.execute("delete from failure where subject = ?", [member.payload])
    db.table("failure").insert(
        {
            "subject": member.payload,
            "kind": kind,
            "reason": reason,
            "url": member.url,
            "portal": member.capture["portal"],
            "reader": reader,
            "round": member.capture["round"],
            "at": member.capture["fetched_at"],
        }
    )


def write_showing(db: Database, page: Page, showing: Showing, readings: Mapping[str, Reading]) -> tuple[int, int]:
    """The reports that a page showed at one time: (written, left for review because the unit is not clear).

    The best document of each carries it, the others are sighted too.
    """
    unclear = 0
    groups: dict[tuple[int, str], list[Candidate]] = {}
    head = readings.get(showing.members[0].payload)
    for member in showing.members:
        reading = readings.get(member.payload)
        for report in reading.reports if reading else ():
            year = report.year if reading and len(reading.reports) > 1 else _page_year(head, showing) or report.year
            if year is not None and reading is not None:
                own_name = report.publisher if reading is not head else ""
                key = (year, own_name or "") if len(reading.reports) > 1 else (year, "")
                groups.setdefault(key, []).append(Candidate(member, reading, report))
    for (year, _), candidates in groups.items():
        best = max(candidates, key=_quality)
        others = [candidate for candidate in candidates if candidate is not best]
        unclear += not _write_report(db, page, showing, year, best, others, head)
    return len(groups) - unclear, unclear


def _quality(candidate: Candidate) -> tuple[int, int, int, int]:
    """More figures that are numbers, then more cells that are printed, then the page itself, then more text."""
    figures = candidate.report.figures.values()
    numbers = sum(1 for figure in figures if figure.state is State.NUMBER)
    is_page = int(candidate.member.capture["kind"] != "attachment")
    return numbers, len(figures), is_page, len(candidate.reading.written)


def _page_year(head: Reading | None, showing: Showing) -> int | None:
    """The year that the page's title or the link to it says; a file of another year under it is a note, not a report."""
    for text in (head.text.title if head and head.text else "", str(showing.members[0].capture["link_text"])):
        if parsed := titles.parse(text):
            return parsed.year
    return None


def _write_report(
    db: Database,
    page: Page,
    showing: Showing,
    year: int,
    best: Candidate,
    others: Sequence[Candidate],
    head: Reading | None,
) -> bool:
    """One report with its version, sightings, figures and events; False where it is not clear whose it is."""
    unit, note = _identify(db, page, showing, best, head)
    if unit is None:
        fail(db, best.member, "needs_review", f"whose report is {best.report.title!r}? {note}", "")
        return False
    kind = scope_of(unit.name) if unit.type in ("government", "office") else best.report.scope
    report_id = f"{unit.id}/{kind}/{year}"
    notes = [
        *best.report.notes,
        *([note] if note else []),
        *_disagreements(best, others),
        *_year_notes(year, best),
    ]
    _write_unit(db, unit, page)
    version, fresh = _write_version(db, report_id, unit, kind, year, best, showing, notes)
    for candidate in (best, *others):
        _write_sighting(db, version, candidate, "best" if candidate is best else "other", showing)
    if fresh:
        _write_contents(db, version, best.report)
    record_version(db, report_id, page.portal)
    index_report(db, report_id)
    return True


def _identify(
    db: Database, page: Page, showing: Showing, best: Candidate, head: Reading | None
) -> tuple[identity.Unit | None, str]:
    """The unit, from what names it, most trusted first (DESIGN.md, Identity); always inside the portal's county."""
    region, region_name = _county(db, page.portal)
    capture = showing.members[0].capture
    column = next(
        db.query(
            "select c.unit from url u join column_page c on c.portal = u.portal and c.url = u.column_url "
            "where u.url = ? and u.portal = ? and c.unit <> ''",
            [page.url, page.portal],
        ),
        {"unit": ""},
    )
    metadata = head.text.metadata if head and head.text else {}
    linked = titles.parse(str(capture["link_text"]))
    titled = titles.parse(metadata.get("title", ""))
    said = [
        column["unit"],
        metadata.get("publisher", ""),
        best.report.publisher or (titled.unit if titled else "") or (linked.unit if linked else ""),
        metadata.get("source", ""),
    ]
    unit, note = identity.choose(region, region_name, said)
    alias = (
        next(db.query("select unit from alias where region = ? and alias = ?", [region, unit.name]), None)
        if unit
        else None
    )
    if unit and alias:
        name = str(alias["unit"]).partition("/")[2]
        unit = identity.Unit(str(alias["unit"]), region, name, unit.full_name, identity.type_of(name))
    return unit, note


def _county(db: Database, portal: str) -> tuple[str, str]:
    """Code and name of the county of a portal, or of imported files; a portal without a code is a region of its own."""
    row = next(db.query("select id, region, region_name from portal where id = ?", [portal]), None)
    if row:
        return row["region"] or row["id"], row["region_name"]
    if not portal.startswith("import:"):
        return portal, ""  # removed from the list since
    region, name = identity.county_of(portal)
    known = next(db.query("select region_name from portal where region = ? and region_name <> ''", [region]), None)
    return region, name or (known["region_name"] if known else "")


def _disagreements(best: Candidate, others: Sequence[Candidate]) -> Iterator[str]:
    """Where another document of the same page prints another figure."""
    for other in others:
        different = [
            path
            for path, figure in best.report.figures.items()
            if (twin := other.report.figures.get(path)) and (twin.state, twin.value) != (figure.state, figure.value)
        ]
        if different:
            yield f"{other.member.url} disagrees in {len(different)} figures: {', '.join(different[:5])}"


def _year_notes(year: int, best: Candidate) -> Iterator[str]:
    if best.report.year not in (None, year):
        yield f"year_mismatch: the page is titled {year}, the document says {best.report.year}"


def _write_unit(db: Database, unit: identity.Unit, page: Page) -> None:
    row = {"id": unit.id, "region": unit.region, "name": unit.name, "full_name": unit.full_name, "type": unit.type}
    db.execute(
        "insert into unit (id, region, name, full_name, type, portal, found_at) values (:id, :region, :name, :full_name, :type, "
        ":portal, :at) on conflict (id) do update set full_name = excluded.full_name "
        "where length(excluded.full_name) > length(unit.full_name)",
        {**row, "portal": page.portal, "at": now()},
    )


def content_digest(report: Report, written: str) -> str:
    """What makes two documents one version: title, text and figures, without white space."""
    figures = [f"{path}={figure.state}{figure.value}" for path, figure in sorted(report.figures.items())]
    return hashlib.sha256("\n".join([squeeze(written), *figures]).encode()).hexdigest()


def _write_version(
    db: Database,
    report_id: str,
    unit: identity.Unit,
    kind: str,
    year: int,
    best: Candidate,
    showing: Showing,
    notes: Sequence[str],
) -> tuple[str, bool]:
    """The version that this content is of the report: (id, whether its contents are to be written)."""
    report = best.report
    db.execute(
        "insert into report (id, region, unit, scope, year, title, publisher, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "on conflict (id) do update set first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
        [report_id, unit.region, unit.id, kind, year, report.title, report.publisher, showing.at, showing.last],
    )
    content = content_digest(report, best.reading.written)
    document = best.member.payload
    before, stale = _known_version(db, report_id, content, document)
    version = before["id"] if before else hashlib.sha256(f"{report_id}\n{document}".encode()).hexdigest()[:16]
    row = {
        "id": version,
        "report": report_id,
        "document": best.member.payload,
        "content": content,
        "title": report.title,
        "forms": json.dumps(dict(report.forms)),
        "missing": json.dumps(list(report.missing)),
        "inferred": json.dumps({guess.path: [number(guess.value), guess.by] for guess in report.inferred}),
        "contact": json.dumps(dict(report.contact), ensure_ascii=False),
        "notes": json.dumps(list(notes), ensure_ascii=False),
        "stated_date": _stated_date(best, showing),
        "first_seen": min(showing.at, before["first_seen"]) if before else showing.at,
        "last_seen": showing.last,
    }
    if before is None:
        db.table("version").insert(row)
    elif stale:
        for table in ("figure", "section", "number", "check_result"):
            db.execute(f"delete from {table} where version = ?", [version])
        db.table("version").update(version, {key: value for key, value in row.items() if key != "id"})
    else:
        db.execute(
            "update version set first_seen = :first_seen, last_seen = max(last_seen, :last_seen), notes = :notes where id = :id",
            {key: row[key] for key in ("first_seen", "last_seen", "notes", "id")},
        )
    return version, before is None or stale


def _known_version(db: Database, report: str, content: str, document: str) -> tuple[dict[str, Any] | None, bool]:
    """The version with this content, or that of this document whose content a newer reader sees otherwise (stale).

    A document read anew is no new version of the report, so it makes no event.
    """
    columns = "select id, document, first_seen from version where report = ? and"
    if same := next(db.query(f"{columns} content = ?", [report, content]), None):
        return same, False
    old = next(db.query(f"{columns} document = ?", [report, document]), None)
    return old, old is not None


def _stated_date(best: Candidate, showing: Showing) -> str | None:
    """The date that the page states; else the one in the list."""
    metadata = best.reading.text.metadata if best.reading.text else {}
    return metadata.get("date") or showing.members[0].capture["stated_date"] or metadata.get("written")


def _write_sighting(db: Database, version: str, candidate: Candidate, role: str, showing: Showing) -> None:
    capture = candidate.member.capture
    db.execute(
        "insert into sighting (url, version, document, role, capture, link_text, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?) "
        "on conflict (url, version, document) do update set first_seen = min(first_seen, excluded.first_seen), "
        "last_seen = max(last_seen, excluded.last_seen)",
        [
            capture["url"],
            version,
            candidate.member.payload,
            role,
            candidate.member.holder["id"],
            capture["link_text"],
            showing.at,
            showing.last,
        ],
    )


def _write_contents(db: Database, version: str, report: Report) -> None:
    """Figures, sections, numbers and checks of a new version."""
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
