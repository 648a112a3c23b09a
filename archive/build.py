"""Captures → text → reports → rows: everything in the catalogue that can be thrown away and made again.

Documents are read in worker processes; the result of a page (its documents, versions, figures, checks and events) is
whole or not there: some pages are one transaction, because the index of words and the disk take many as easily as one. The same input twice gives no row and no event. Pages are written in the order in which they were
first seen, so that a rebuild gives the same ids, versions and events.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from sqlite_utils import Database

from extract import titles
from extract.bundles import BETWEEN

from . import chains, crosschecks, expected, review, similarity, standing, statements, tools
from .clock import now
from .pages import IS_PAGE, Member, Page
from .parts import Composition, Readings, compositions, documents, size_of, unfolded
from .reading import Job, Reading
from .reports import fail, write_page
from .search import catch_up, index_noted, join_segments, unindex
from .shelf import COSTLY, Shelf
from .workers import Limits, default_workers, read_all, seldom

Progress = Callable[[int, int], None]
TOGETHER = 400  # pages that are one transaction at most
CACHE = 131_072  # KB of the catalogue in memory: SQLite's 2 MB hold less than one transaction
CHECKPOINT = 16_384  # pages of the log before they go into the catalogue: what many transactions change is written once
SECONDS = 4.0  # that a page waits for others at most


@dataclass(slots=True)
class Summary:
    """What a build did."""

    pages: int = 0
    documents: int = 0
    reports: int = 0
    failures: int = 0


@seldom()
def build(
    folder: Path,
    db: Database,
    workers: int | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Summary:
    """Build every page whose captures or reader changed since the last build. Call it inside a run.

    Pages flow through: a few are in memory at a time, and a document's reading until its last page is written.
    """
    db.execute(f"pragma cache_size = -{CACHE}")
    db.execute(f"pragma wal_autocheckpoint = {CHECKPOINT}")
    shelf, summary = Shelf(folder, db), Summary()
    total = next(db.query(f"select count(distinct portal || ' ' || url) as n from capture where {IS_PAGE}"))["n"]
    jobs: Iterator[Job] = shelf.jobs()
    written = monotonic()
    while True:
        for taken, reading in enumerate(read_all(jobs, workers or default_workers(), shelf.more, limits), start=1):
            shelf.take(reading)
            if taken % TOGETHER == 0 or monotonic() - written > SECONDS:
                _write_ready(shelf, summary)
                written = monotonic()
                if progress:
                    progress(shelf.passed, total)
        _write_ready(shelf, summary)  # pages whose every document is damaged or was read for an earlier one
        if not shelf.more:
            break
        jobs = iter(())
    catch_up(db)  # units that have another name by now
    join_segments(db)
    if progress:  # all is read and indexed; what follows compares
        progress(shelf.passed, total)
    chains.settle(db)
    review.propose(db)
    standing.tell(db)
    expected.settle(db)
    crosschecks.settle(db)
    similarity.settle(db)
    return summary


def _write_ready(shelf: Shelf, summary: Summary) -> None:
    """Write the pages at the head of the line whose documents are all read, some in one transaction."""
    while page := shelf.next():
        with shelf.db.atomic():
            for _ in range(TOGETHER):
                _write(shelf, page, summary)
                summary.pages += 1
                shelf.done()
                if not (following := shelf.next()):
                    break
                page = following
            index_noted(shelf.db)


def _write(shelf: Shelf, page: Page, summary: Summary) -> None:
    """All rows of a page."""
    db, readings = shelf.db, shelf.readings
    shown = [documents(showing, readings) for showing in page.showings]
    simple = [list(unfolded(showing.members, readings)) for showing in page.showings]
    members = list({member.url + member.payload: member for some in (*simple, *shown) for member in some}.values())
    wholes = {whole.key: whole for some in simple for whole in compositions(some, readings)}
    for member in members:
        for_it = "subject = ?1 or (subject >= ?1 || '!/' and subject < ?1 || '!0')"  # and for what it holds
        db.execute(f"delete from failure where {for_it}", [member.payload])
    for member in members:
        if member.payload in shelf.damaged:
            fail(db, member, "damaged", shelf.damaged[member.payload], "")
            summary.failures += 1
        else:
            summary.documents += _write_document(db, member, readings[member.payload])
            _write_parts(db, member, readings[member.payload], wholes.get(member.payload))
    for whole in wholes.values():
        summary.failures += _write_broken(db, whole, readings[whole.key], shelf.readers)
    reports, unclear = write_page(db, page, readings)
    summary.reports += reports
    summary.failures += unclear + _write_failures(db, page, members, readings, shelf.readers)
    used: dict[str, str] = {}
    for member in members:
        used = tools.worst(used, readings[member.payload].tools) if member.payload in readings else used
    db.execute(
        "insert or replace into built (portal, page, inputs, tools) values (?, ?, ?, ?)",
        [page.portal, page.url, shelf.inputs(page), json.dumps(used)],
    )


def _write_document(db: Database, member: Member, reading: Reading) -> int:
    """The document's row; its key is the sha256 of the payload, which a capture's row carries too."""
    if not member.sha256:
        db.execute(
            "update capture set document = ? where id in (?, ?)",
            [member.payload, member.capture["id"], member.holder["id"]],
        )
    text = reading.text
    row = {
        "sha256": member.payload,
        "bytes": size_of(member),
        "media_type": member.holder["media_type"] if not member.sha256 else "",
        "format": text.format if text else "",
        "reader": text.reader if text else "",
        "title": text.title if text else "",
        "text": reading.written,
        "metadata": json.dumps(dict(text.metadata) if text else {}, ensure_ascii=False),
        "notes": json.dumps(list(text.notes) if text else [reading.reason], ensure_ascii=False),
        "read_at": now(),
    }
    before = db.execute("select reader, text from document where sha256 = ?", [member.payload]).fetchone()
    if before == (row["reader"], row["text"]):
        return 0
    if before:  # the index holds no text: it must be told the old one
        unindex(db, "b.version in (select id from version where document = ?)", member.payload)
    names = ", ".join(row)
    db.execute(
        f"insert into document ({names}) values ({', '.join(':' + name for name in row)}) on conflict (sha256) do update set "
        + ", ".join(f"{name} = excluded.{name}" for name in row if name != "sha256"),
        row,
    )
    return 1


def _write_parts(db: Database, member: Member, reading: Reading, whole: Composition | None) -> None:
    """What a bundle holds, or a report is put together from."""
    if not reading.inside and whole is None:
        return
    parts = [(one.path, one.sha256) for one in reading.inside if not one.reason]
    if whole is not None:
        parts = [(part.url, part.payload) for part in whole.parts]
    db.execute("delete from part where document = ?", [member.payload])
    rows = [(member.payload, n, path, sha256) for n, (path, sha256) in enumerate(parts)]
    db.conn.executemany("insert into part values (?, ?, ?, ?)", rows)


def _write_broken(db: Database, whole: Composition, reading: Reading, readers: str) -> int:
    """A failure where putting documents together failed, so that nobody takes the parts for all there is."""
    db.execute("delete from failure where subject = ?", [whole.key])
    if reading.failure not in COSTLY:
        return 0
    fail(db, whole.member(), reading.failure, f"while it was put together: {reading.reason}", "", readers)
    return 1


def _write_failures(db: Database, page: Page, members: Sequence[Member], readings: Readings, readers: str) -> int:
    """A failure for each unreadable document, those in bundles too, and for a page that promised a report and holds none."""
    count = 0
    has_report = _has_report(db, page)
    for member in {member.payload: member for member in members}.values():
        reading = readings.get(member.payload)
        if reading is None:
            continue
        for one in reading.inside:
            if one.lost:
                lost = replace(
                    member, url=f"{member.url}{BETWEEN}{one.path}", sha256=f"{member.payload}{BETWEEN}{one.path}"
                )
                fail(db, lost, "unreadable", one.reason, reading.text.reader if reading.text else "")
                count += 1
        kind, reason = reading.failure, reading.reason
        if reading.inside and member.url == page.url and not has_report:
            kind, reason = "no_report", "none of the documents in the bundle is an annual report"
        titled = reading.text is not None and titles.parse(reading.text.title)
        if not kind or (kind == "no_report" and (member.url != page.url or titled or has_report)):
            continue  # an attachment beside the report, or a page that only leads to its attachment
        reader = reading.text.reader if reading.text else ""
        fail(db, member, kind, reason, reader, readers if kind in COSTLY else "")
        count += 1
    return count or _write_bare(db, page, members, readings)


def _write_bare(db: Database, page: Page, members: Sequence[Member], readings: Readings) -> int:
    """A failure for a page of which only the title was read, though it has files: pictures in which nothing is legible."""
    read = [readings[member.payload] for member in members if member.payload in readings]
    reports = [report for reading in read for report in reading.reports]
    own = next((member for member in members if member.url == page.url and member.payload in readings), None)
    if own is None or len(read) < 2 or not reports or any(report.figures or report.sections for report in reports):
        return 0
    text = readings[own.payload].text
    reason = f"only its title was read: nothing of a report in its {len(members) - 1} files"
    fail(db, own, "no_report", reason, text.reader if text else "")
    return 1


def _has_report(db: Database, page: Page) -> bool:
    return statements.first(db, "select 1 from sighting where page = ? limit 1", [page.key]) is not None
