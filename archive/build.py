"""Captures → text → reports → rows: everything in the catalogue that can be thrown away and made again.

Documents are read in worker processes; the result of a page (its documents, versions, figures, checks and events) is
one transaction. The same input twice gives no row and no event. Pages are written in the order in which they were
first seen, so that a rebuild gives the same ids, versions and events.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from extract import titles
from extract.formats import all_formats
from extract.model import Hint

from . import captures, office, standing, warc
from .clock import now
from .filenames import file_name
from .pages import IS_PAGE, Member, Page, pages
from .reading import READER, Job, Reading, default_workers, read_all
from .reports import fail, write_page
from .search import unindex

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Summary:
    """What a build did."""

    pages: int = 0
    documents: int = 0
    reports: int = 0
    failures: int = 0


def build(folder: Path, db: Database, workers: int | None = None, progress: Progress | None = None) -> Summary:
    """Build every page whose captures or reader changed since the last build. Call it inside a run.

    Pages flow through: a few are in memory at a time, and a document's reading until its last page is written.
    """
    shelf = _Shelf(folder, db)
    summary = Summary()
    total = next(db.query(f"select count(distinct portal || ' ' || url) as n from capture where {IS_PAGE}"))["n"]
    for reading in read_all(shelf.jobs(), workers or default_workers()):
        shelf.readings[reading.key] = reading
        shelf.write(summary)
        if progress:
            progress(shelf.passed, total)
    shelf.write(summary)  # pages whose every document is damaged or was read for an earlier one
    standing.tell(db)
    return summary


class _Shelf:
    """Pages that wait for their readings, in order, and the readings that pages wait for."""

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder, self.db = folder, db
        self.pages: deque[Page] = deque()
        self.readings: dict[str, Reading] = {}
        self.damaged: dict[str, str] = {}
        self.wanted: Counter[str] = Counter()
        self.passed = 0
        self.aliases = _aliases(db)
        self.converters = ("", *office.as_good(office.available()))

    def jobs(self) -> Iterator[Job]:
        """The documents to read, as the pages come; a page that shows what it showed is passed over."""
        known = {(row["portal"], row["page"]): row["inputs"] for row in self.db.query("select * from built")}
        for page in pages(self.db):
            inputs = known.get((page.portal, page.url))
            if inputs and any(inputs == _inputs(page, self.aliases, each) for each in self.converters):
                _seen_again(self.db, page)
                self.passed += 1
                continue
            self.pages.append(page)
            members = {member.payload: member for member in _members(page)}
            fresh = [member for payload, member in members.items() if not self.wanted[payload]]
            self.wanted.update(members.keys())
            for member in fresh:
                try:
                    yield Job(member.payload, captures.record_of(self.folder, member.holder).content(), _hint(member))
                except warc.Damaged as error:
                    self.damaged[member.payload] = str(error)

    def write(self, summary: Summary) -> None:
        """Write the pages at the head of the line whose documents are all read, and let their readings go."""
        while self.pages and all(
            m.payload in self.readings or m.payload in self.damaged for m in _members(self.pages[0])
        ):
            page = self.pages.popleft()
            _write(self.db, page, self.readings, self.damaged, summary, self.aliases)
            summary.pages += 1
            self.passed += 1
            for payload in {member.payload for member in _members(page)}:
                self.wanted[payload] -= 1
                if not self.wanted[payload]:
                    del self.wanted[payload]
                    self.readings.pop(payload, None)


def _seen_again(db: Database, page: Page) -> None:
    """A page that shows what it showed: only the time when it was last seen moves on."""
    at = page.showings[-1].last
    with db.atomic():
        db.execute(
            "update sighting set last_seen = :at where page = :page and last_seen < :at "
            "and last_seen = (select max(last_seen) from sighting where page = :page)",
            {"at": at, "page": page.key},
        )
        seen = "select version from sighting where page = ? and last_seen = ?"
        db.execute(f"update version set last_seen = ? where last_seen < ? and id in ({seen})", [at, at, page.key, at])
        db.execute(
            f"update report set last_seen = ? where last_seen < ? and current in ({seen})", [at, at, page.key, at]
        )


def _members(page: Page) -> Iterator[Member]:
    return (member for showing in page.showings for member in showing.members)


def _inputs(page: Page, aliases: str, converter: str) -> str:
    """A digest of what a page's result depends on: captures, county, unit, aliases, readers.

    And, where a document of it has to be converted, the converter that this machine has: the page is built again where
    there is a better one, never where there is a worse one, because that would take its figures away.
    """
    readers = " ".join(made.reader for made in all_formats())
    return hashlib.sha256(f"{READER} {readers} {converter}\n{aliases}\n{page.inputs()}".encode()).hexdigest()


def _aliases(db: Database) -> str:
    """The roster's aliases, which say under which unit a report is filed."""
    rows = db.query("select region, alias, unit from alias order by region, alias")
    return " ".join(f"{row['region']}/{row['alias']}={row['unit']}" for row in rows)


def _hint(member: Member) -> Hint:
    media = str(member.holder["media_type"])
    charset = re.search(r"charset=[\"']?([\w-]+)", media, re.IGNORECASE)
    return Hint(
        member.url,
        media.partition(";")[0].strip() or None,
        charset[1] if charset else None,
        file_name(member.holder) or None,
    )


def _write(
    db: Database,
    page: Page,
    readings: Mapping[str, Reading],
    damaged: Mapping[str, str],
    summary: Summary,
    aliases: str,
) -> None:
    """All rows of a page, in one transaction."""
    read = (readings.get(member.payload) for member in _members(page))
    converter = next((reading.converter for reading in read if reading and reading.converter), "")
    with db.atomic():
        for payload in {member.payload for member in _members(page)}:
            db.execute("delete from failure where subject = ?", [payload])
        for showing in page.showings:
            for member in showing.members:
                if member.payload in damaged:
                    fail(db, member, "damaged", damaged[member.payload], "")
                    summary.failures += 1
                else:
                    summary.documents += _write_document(db, member, readings[member.payload])
        reports, unclear = write_page(db, page, readings)
        summary.reports += reports
        summary.failures += unclear + _write_failures(db, page, readings)
        db.execute(
            "insert into built (portal, page, inputs) values (?, ?, ?) on conflict do update set inputs = excluded.inputs",
            [page.portal, page.url, _inputs(page, aliases, converter)],
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
    unindex(db, "v.document = ?", member.payload)  # the index holds no text: it must be told the old one
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
        fail(db, member, reading.failure, reading.reason, reading.text.reader if reading.text else "")
        count += 1
    return count


def _has_report(db: Database, page: Page) -> bool:
    return next(db.query("select 1 from sighting where page = ? limit 1", [page.key]), None) is not None
