"""Pages that wait for their documents, and the readings that pages wait for: what a build has in its hands."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from extract import bundles, composing
from extract.bundles import Room
from extract.formats import all_formats
from extract.model import Hint

from . import captures, review, statements, tools, warc
from .filenames import file_name
from .holding import unpacked
from .pages import Member, Page, pages
from .parts import compositions, unfolded
from .reading import READER, Job, Reading, jobs_inside

COSTLY = ("timeout", "memory", "crashed", "error")  # failures that the same reader is not made to repeat


class Shelf:
    """The pages to build in their order, and the readings of their documents until the last page that needs them is built.

    `more`: jobs that follow from readings: of documents in bundles, of reports that are put together.
    """

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder, self.db = folder, db
        self.pages: deque[Page] = deque()
        self.readings: dict[str, Reading] = {}
        self.damaged: dict[str, str] = {}
        self.more: deque[Job] = deque()
        self.wanted: Counter[str] = Counter()
        self.passed = 0
        self.aliases, self.decisions = _aliases(db), review.digests(db)
        self.here = tools.available()
        self.readers = hashlib.sha256(f"{versions()} {sorted(self.here.items())}".encode()).hexdigest()[:16]
        self._failed = {subject for (subject,) in statements.rows(db, "select subject from failure")}
        self._jobs: dict[str, Job] = {}  # that are being read, without their bytes
        self._planned: dict[str, list[str]] = {}  # page → what may be put together of it

    def jobs(self) -> Iterator[Job]:
        """The documents to read, as the pages come; a page that shows what it showed is passed over."""
        built = {(row["portal"], row["page"]): row for row in self.db.query("select * from built")}
        seen = dict(statements.rows(self.db, "select page, max(last_seen) from sighting group by page"))
        for page in pages(self.db):
            if self._is_built(page, built.get((page.portal, page.url))):
                if seen.get(page.key, "9") < page.showings[-1].last:
                    seen_again(self.db, page)
                self.passed += 1
                continue
            self.pages.append(page)
            members = {member.payload: member for showing in page.showings for member in showing.members}
            fresh = [member for payload, member in members.items() if not self.wanted[payload]]
            self.wanted.update(members.keys())
            for member in fresh:
                if known := self._failed_before(member.payload):
                    self.readings[member.payload] = known
                    continue
                try:
                    job = Job(member.payload, self._bytes(member), _hint(member))
                except warc.Damaged as error:
                    self.damaged[member.payload] = str(error)
                else:
                    self._remember(job)
                    yield job

    def take(self, reading: Reading) -> None:
        """Keep a reading; the documents inside it are to be read next."""
        job = self._jobs.pop(reading.key, None)
        if reading.key not in self.wanted:
            return
        if job and reading.inside:
            for inner in jobs_inside(job.hint.url or "", reading, job.depth, Room(job.size, job.members)):
                if not self.wanted[inner.key]:
                    self._read(inner)
                self.wanted[inner.key] += 1
            reading = _without_bytes(reading)
        if reading.failure:
            self._failed.add(reading.key)
        self.readings[reading.key] = reading

    def next(self) -> Page | None:
        """The page at the head of the line, where all that it shows is read; take it with `done`."""
        if not self.pages:
            return None
        page = self.pages[0]
        for showing in page.showings:
            members = list(unfolded(showing.members, self.readings))
            if not all(member.payload in self.readings or member.payload in self.damaged for member in members):
                return None
        if page.key not in self._planned:
            self._planned[page.key] = self._plan(page)
        return page if all(whole in self.readings for whole in self._planned[page.key]) else None

    def done(self) -> None:
        """Let the page at the head go, and the readings that no other page needs."""
        page = self.pages.popleft()
        payloads = {member.payload for showing in page.showings for member in showing.members}
        for key in (*payloads, *self._planned.pop(page.key)):
            self._release(key)
        self.passed += 1

    def inputs(self, page: Page) -> str:
        """A digest of what a page's result depends on: captures, county, unit, aliases, decisions, readers."""
        said = f"{self.aliases.get(page.county[0], '')}\n{self.decisions.get(page.key, '')}"
        return hashlib.sha256(f"{versions()}\n{said}\n{page.inputs()}".encode()).hexdigest()

    def _is_built(self, page: Page, row: Mapping[str, Any] | None) -> bool:
        if row is None or row["inputs"] != self.inputs(page):
            return False
        return tools.suffice(json.loads(row["tools"]), self.here)

    def _plan(self, page: Page) -> list[str]:
        """Ask for what may be put together of a page's documents; their keys."""
        keys: list[str] = []
        for showing in page.showings:
            for whole in compositions(list(unfolded(showing.members, self.readings)), self.readings):
                if not self.wanted[whole.key]:
                    data = self._bytes(whole.parts[0]) if whole.sources else b""
                    self._read(whole.job(self.readings, data, _hint(whole.parts[0])))
                self.wanted[whole.key] += 1
                keys.append(whole.key)
        return keys

    def _read(self, job: Job) -> None:
        if known := self._failed_before(job.key):
            self.readings[job.key] = known
        else:
            self._remember(job)
            self.more.append(job)

    def _remember(self, job: Job) -> None:
        if not job.parts:
            self._jobs[job.key] = Job(job.key, b"", job.hint, depth=job.depth, size=job.size, members=job.members)

    def _failed_before(self, payload: str) -> Reading | None:
        """What is known of a document that the same readers, with the same tools, have failed at."""
        if payload not in self._failed:
            return None
        before = f"select kind, reason from failure where subject = ? and readers = ? and kind in {COSTLY}"
        row = statements.first(self.db, before, [payload, self.readers])
        return Reading(payload, failure=row[0], reason=row[1]) if row else None

    def _release(self, key: str) -> None:
        self.wanted[key] -= 1
        if self.wanted[key] <= 0:
            del self.wanted[key]
            reading = self.readings.pop(key, None)
            for inner in reading.inside if reading else ():
                if not inner.reason:
                    self._release(inner.sha256)

    def _bytes(self, member: Member) -> bytes:
        """Raises warc.Damaged."""
        return unpacked(captures.record_of(self.folder, member.holder).content(), member.path)


@cache
def versions() -> str:
    """The versions of everything that reads: what they give changes with them alone."""
    return " ".join((READER, bundles.READER, composing.READER, *(made.reader for made in all_formats())))


def seen_again(db: Database, page: Page) -> None:
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
            f"update report set last_seen = ? where last_seen < ? and id in (select report from version where id in ({seen}))",
            [at, at, page.key, at],
        )


def _without_bytes(reading: Reading) -> Reading:
    return replace(reading, inside=tuple(replace(member, data=b"") for member in reading.inside))


def _aliases(db: Database) -> dict[str, str]:
    """By county, the roster's aliases, which say under which unit a report is filed."""
    found: dict[str, str] = {}
    for row in db.query("select region, alias, unit from alias order by region, alias"):
        found[row["region"]] = f"{found.get(row['region'], '')} {row['alias']}={row['unit']}"
    return found


def _hint(member: Member) -> Hint:
    if member.path:
        return Hint(member.url, name=member.path.rpartition("/")[2])
    media = str(member.holder["media_type"])
    charset = re.search(r"charset=[\"']?([\w-]+)", media, re.IGNORECASE)
    return Hint(
        member.url,
        media.partition(";")[0].strip() or None,
        charset[1] if charset else None,
        file_name(member.holder) or None,
    )
