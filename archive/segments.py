"""Reads every record of an archive's segments into a catalogue: its captures, and where the rows that are told lie."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from . import notes, warc
from .build import Progress
from .captures import FOLDER, hexadecimal, insert
from .cataloguing import catalogue
from .warc import Damaged, Record

BATCH = 1_000  # captures stored at once


class Broken(Exception):
    """Segments that cannot be read whole, or are not ours, by name with the reason. Raised by `read_segments`; nothing is changed."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in wrong.items()))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Place:
    """Where a metadata record that stands alone lies."""

    date: str
    segment: str
    start: int
    length: int
    rows: bool
    snapshot: str = ""
    covers: tuple[str, ...] = ()


def read_segments(folder: Path, db: Database, progress: Progress | None) -> tuple[list[Place], int, int]:
    """Catalogue the captures of all segments: where their other records lie, how many segments and captures. Raises Broken."""
    paths = sorted((folder / FOLDER).glob("*.warc.gz"))
    total, passed, wrong = sum(path.stat().st_size for path in paths), 0, {}
    places: list[Place] = []
    captures = 0
    for path in paths:
        try:
            captures += _read_segment(path, db, places, _counter(progress, passed, total))
        except Damaged as error:
            wrong[path.name] = str(error)
        passed += path.stat().st_size
        if not path.with_name(path.name.removesuffix(".warc.gz") + ".cdxj").exists() and path.name not in wrong:
            warc.write_index(path)
    if wrong:
        raise Broken(wrong)
    _refer(folder, db)
    return places, len(paths), captures


def _counter(progress: Progress | None, before: int, total: int) -> Callable[[int], None]:
    def count(at: int) -> None:
        if progress:
            progress(before + at, total)

    return count


def _read_segment(path: Path, db: Database, places: list[Place], progress: Callable[[int], object]) -> int:
    """Catalogue one segment; the number of its captures. Raises Damaged where it is not whole, or not ours."""
    end = 0

    def look(start: int, length: int, record: Record) -> None:
        nonlocal end
        if start == 0 and not (record.type == "warcinfo" and b"software: nianbao/" in record.payload):
            raise Damaged("no segment of nianbao: its first record does not say so")
        if record.type in ("response", "resource"):
            said = hexadecimal(record.headers.get("WARC-Payload-Digest", ""))
            if said != hashlib.sha256(record.payload).hexdigest():
                raise Damaged(f"the record at {start} does not have the bytes that it should have")
        if record.type == "metadata" and "WARC-Concurrent-To" not in record.headers:
            places.append(_place(path.name, start, length, record))
        end = start + length
        progress(end)

    count, rows = 0, []
    for row in catalogue(path, db, look):
        rows.append(row)
        count += 1
        if len(rows) >= BATCH:
            _store(db, rows)
            rows = []
    _store(db, rows)
    if end != path.stat().st_size:
        raise Damaged(f"torn: {path.stat().st_size - end} bytes after byte {end} are no complete record")
    return count


def _place(segment: str, start: int, length: int, record: Record) -> Place:
    at = Place(record.headers["WARC-Date"], segment, start, length, notes.is_rows(record))
    if at.rows and b"\r\nsnapshot: " in record.payload:
        said = notes.read(record)
        return replace(at, snapshot=said.snapshot, covers=tuple(said.covers))
    return at


def _store(db: Database, rows: Sequence[dict[str, Any]]) -> None:
    with db.atomic():
        insert(db, rows)


def _refer(folder: Path, db: Database) -> None:
    """Let revisits refer to captures that lie in a segment by a later name."""
    lone = "select id, segment, start, length from capture where type = 'revisit' and revisit_of is null"
    for row in list(db.query(lone)):
        record = warc.read(folder / FOLDER, row["segment"], row["start"], row["length"])
        meant = [record.headers["WARC-Refers-To-Target-URI"], record.headers["WARC-Refers-To-Date"]]
        sql = "update capture set revisit_of = (select id from capture where url = ? and fetched_at = ? order by id limit 1) where id = ?"
        db.execute(sql, [*meant, row["id"]])


def in_force(places: Sequence[Place]) -> list[Place]:
    """The records of rows that hold, in the order of time: a whole snapshot first, and nothing that one stands for."""
    whole = {place.snapshot: place.covers for place in places if place.covers}
    covered = {segment for segments in whole.values() for segment in segments}
    held = (
        place for place in places if place.segment not in covered and (not place.snapshot or place.snapshot in whole)
    )
    return sorted(held, key=lambda place: (not place.snapshot, place.date, place.segment, place.start))
