"""Captures → text → reports → rows: everything in the catalogue that can be thrown away and made again.

Documents are read in worker processes; the result of a page (its documents, versions, figures, checks and events) is
one transaction. The same input twice gives no row and no event. Pages are written in the order in which they were
first seen, so that a rebuild gives the same ids, versions and events.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

from extract import titles
from extract.model import Hint, Report, State
from extract.reader import scope as scope_of
from extract.records import number
from extract.titles import squeeze

from . import captures, identity, warc
from .clock import now
from .events import record_version
from .pages import Member, Page, Showing, pages
from .reading import READER, Job, Reading, default_workers, read_all
from .search import index_report

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as one document of a page gives it."""

    member: Member
    reading: Reading
    report: Report


@dataclass(slots=True)
class Summary:
    """What a build did."""

    pages: int = 0
    documents: int = 0
    reports: int = 0
    failures: int = 0


def build(folder: Path, db: Database, workers: int | None = None, progress: Progress | None = None) -> Summary:
    """Build every page whose captures or reader changed since the last build. Call it inside a run."""
    known = {row["page"]: row["inputs"] for row in db.query("select page, inputs from built")}
    todo = []
    for found in pages(db):
        if known.get(_key(found)) == _inputs(found):
            _seen_again(db, found)
        else:
            todo.append(found)
    summary = Summary(pages=len(todo))
    wanted = {member.payload: member for each in todo for member in _members(each)}
    readings: dict[str, Reading] = {}
    damaged: dict[str, str] = {}
    waiting = iter(todo)
    page = next(waiting, None)
    done = 0
    for reading in read_all(_jobs(folder, wanted, damaged), workers or default_workers()):
        readings[reading.key] = reading
        while page is not None and all(m.payload in readings or m.payload in damaged for m in _members(page)):
            _write(db, page, readings, damaged, summary)
            done += 1
            page = next(waiting, None)
            if progress:
                progress(done, len(todo))
    while page is not None:  # nothing left to read: pages whose every document is damaged
        _write(db, page, readings, damaged, summary)
        page = next(waiting, None)
    return summary


def _seen_again(db: Database, page: Page) -> None:
    """A page that shows what it showed: only the time when it was last seen moves on."""
    at = page.showings[-1].last
    with db.atomic():
        for member in page.showings[-1].members:
            db.execute(
                "update sighting set last_seen = ? where url = ? and document = ? and last_seen < ?",
                [at, member.url, member.payload, at],
            )
        versions = "select version from sighting where url = ? and last_seen = ?"
        db.execute(
            f"update version set last_seen = ? where last_seen < ? and id in ({versions})", [at, at, page.url, at]
        )
        db.execute(
            f"update report set last_seen = ? where last_seen < ? and current in ({versions})", [at, at, page.url, at]
        )


def _members(page: Page) -> Iterator[Member]:
    return (member for showing in page.showings for member in showing.members)


def _key(page: Page) -> str:
    return f"{page.portal} {page.url}"


def _inputs(page: Page) -> str:
    """A digest of a page's captures and of the readers, so that a newer reader builds it again."""
    from extract.formats import all_formats

    readers = " ".join(made.reader for made in all_formats())
    return hashlib.sha256(f"{READER} {readers}\n{page.inputs()}".encode()).hexdigest()


def _jobs(folder: Path, wanted: Mapping[str, Member], damaged: dict[str, str]) -> Iterator[Job]:
    for payload, member in wanted.items():
        try:
            data = captures.content(folder, member.holder)
        except warc.Damaged as error:
            damaged[payload] = str(error)
            continue
        yield Job(payload, data, _hint(member))


def _hint(member: Member) -> Hint:
    media = str(member.holder["media_type"])
    charset = re.search(r"charset=[\"']?([\w-]+)", media, re.IGNORECASE)
    name = unquote(urlsplit(member.url).path.rpartition("/")[2])
    return Hint(member.url, media.partition(";")[0].strip() or None, charset[1] if charset else None, name or None)


def _write(
    db: Database, page: Page, readings: Mapping[str, Reading], damaged: Mapping[str, str], summary: Summary
) -> None:
    """All rows of a page, in one transaction."""
    with db.atomic():
        for payload in {member.payload for member in _members(page)}:
            db.execute("delete from failure where subject = ?", [payload])
        for showing in page.showings:
            for member in showing.members:
                if member.payload in damaged:
                    _fail(db, member, "damaged", damaged[member.payload], "")
                    summary.failures += 1
                else:
                    summary.documents += _write_document(db, member, readings[member.payload])
            reports, unclear = _write_showing(db, page, showing, readings)
            summary.reports += reports
            summary.failures += unclear
        summary.failures += _write_failures(db, page, readings)
        db.execute(
            "insert into built (page, inputs) values (?, ?) on conflict (page) do update set inputs = excluded.inputs",
            [_key(page), _inputs(page)],
        )


def _write_document(db: Database, member: Member, reading: Reading) -> int:
    """The document's row; its key is the sha256 of the payload, which a capture's row carries too."""
    db.execute(
        "update capture set document = ? where id in (?, ?)",
        [member.payload, member.capture["id"], member.holder["id"]],
    )
    text = reading.text
    row = {
        "sha256": member.payload,
        "bytes": member.holder["length"],
        "media_type": member.holder["media_type"],
        "format": text.format if text else "",
        "reader": text.reader if text else "",
        "title": text.title if text else "",
        "text": reading.written,
        "metadata": json.dumps(dict(text.metadata) if text else {}, ensure_ascii=False),
        "notes": json.dumps(list(text.notes) if text else [reading.reason], ensure_ascii=False),
        "read_at": now(),
    }
    before = next(db.query("select reader, text from document where sha256 = ?", [member.payload]), None)
    if before == {"reader": row["reader"], "text": row["text"]}:
        return 0
    db.table("document").upsert(row, pk="sha256")
    return 1


def _write_failures(db: Database, page: Page, readings: Mapping[str, Reading]) -> int:
    """A failure for each unreadable document, and for a page that promised a report and holds none."""
    count = 0
    for member in {member.payload: member for member in _members(page)}.values():
        reading = readings.get(member.payload)
        if reading is None or not reading.failure:
            continue
        titled = reading.text is not None and titles.parse(reading.text.title)
        if reading.failure == "no_report" and (member.url != page.url or titled or _has_report(db, page)):
            continue  # an attachment beside the report, or a page that only leads to its attachment
        _fail(db, member, reading.failure, reading.reason, reading.text.reader if reading.text else "")
        count += 1
    return count


def _has_report(db: Database, page: Page) -> bool:
    return next(db.query("select 1 from sighting where url = ? limit 1", [page.url]), None) is not None


def _fail(db: Database, member: Member, kind: str, reason: str, reader: str) -> None:
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


def _write_showing(db: Database, page: Page, showing: Showing, readings: Mapping[str, Reading]) -> tuple[int, int]:
    """The reports that a page showed at one time: (written, left for review because the unit is not clear).

    The best document of each carries it, the others are sighted too.
    """
    unclear = 0
    groups: dict[tuple[int, str], list[Candidate]] = {}
    head = readings.get(showing.members[0].payload)
    for member in showing.members:
        reading = readings.get(member.payload)
        for report in reading.reports if reading else ():
            year = report.year or _page_year(head, showing)
            if year is not None and reading is not None:
                own_name = report.publisher if reading is not head else ""
                key = (year, own_name or "") if len(reading.reports) > 1 else (year, "")
                groups.setdefault(key, []).append(Candidate(member, reading, report))
    for (year, _), candidates in groups.items():
        best = max(candidates, key=_quality)
        others = [candidate for candidate in candidates if candidate is not best]
        unclear += not _write_report(db, page, showing, year, best, others, head)
    return len(groups) - unclear, unclear


def _quality(candidate: Candidate) -> tuple[int, int, int]:
    """More figures that are numbers, then more text; the page itself before an attachment."""
    numbers = sum(1 for figure in candidate.report.figures.values() if figure.state is State.NUMBER)
    return numbers, int(candidate.member.capture["kind"] != "attachment"), len(candidate.reading.written)


def _page_year(head: Reading | None, showing: Showing) -> int | None:
    """The year that the page's title or the link to it says, for an attachment that prints no title."""
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
        _fail(db, best.member, "needs_review", f"whose report is {best.report.title!r}? {note}", "")
        return False
    kind = scope_of(unit.name) if unit.type in ("government", "office") else best.report.scope
    report_id = f"{unit.id}/{kind}/{year}"
    notes = [
        *best.report.notes,
        *([note] if note else []),
        *_disagreements(best, others),
        *_year_notes(year, best, head),
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


def _year_notes(year: int, best: Candidate, head: Reading | None) -> Iterator[str]:
    titled = titles.parse(head.text.title) if head and head.text else None
    if titled and titled.year != year:
        yield f"year_mismatch: the page's title says {titled.year}, the document {year}"


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
    version = hashlib.sha256(f"{report_id}\n{content}".encode()).hexdigest()[:16]
    before = next(db.query("select document, first_seen from version where id = ?", [version]), None)
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
        return version, True
    db.execute(
        "update version set first_seen = :first_seen, last_seen = max(last_seen, :last_seen), notes = :notes where id = :id",
        {key: row[key] for key in ("first_seen", "last_seen", "notes", "id")},
    )
    return version, False


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
