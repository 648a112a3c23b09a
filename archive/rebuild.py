"""Makes the catalogue anew from the WARC segments alone: captures, what the crawl knew, then all that a build makes of them.

The new catalogue is made beside the old one, and takes its place by one rename when it is whole; until then the archive is as it
was. What the old one knows and the WARC does not (what people entered since the last crawl) is told to the WARC before.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from . import database, journal, lock, notes, warc
from .build import Progress, build
from .captures import FOLDER, Recorder, hexadecimal, insert
from .cataloguing import catalogue, repair
from .replaying import Replay
from .retold import put_history
from .warc import Damaged, Record

NEW, BEFORE = "nianbao.db.new", "nianbao.db.before-rebuild"
ENDINGS = ("", "-wal", "-shm", "-journal")
BATCH = 1_000  # captures stored at once
Say = Callable[[str], None]


class Broken(Exception):
    """Segments that cannot be read whole, or are not ours, by name with the reason. Raised by `rebuild`; nothing is changed."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in wrong.items()))
        self.wrong = wrong


class InUse(Exception):
    """Another program reads the catalogue, so that it cannot be replaced. Raised by `rebuild`."""


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did. `before`: the reports of the old catalogue, where it could be read. `lost`: what the WARC does not tell."""

    segments: int = 0
    captures: int = 0
    rows: int = 0
    reports: int = 0
    failures: int = 0
    before: int | None = None
    lost: list[str] = field(default_factory=list)


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


def rebuild(folder: Path, jobs: int | None, say: Say, reading: Progress | None, building: Progress | None) -> Rebuilt:
    """Rebuild an archive, under its lock. Raises lock.Locked, Broken, InUse, database.Newer, OSError and sqlite3.Error of a full disk."""
    with lock.hold(folder, "rebuild") as holder:
        done = Rebuilt()
        this = _settle(folder, holder, done, say)
        _remove(folder, NEW)
        with closing(database.connect(folder, create=True, name=NEW).conn) as connection:
            db = Database(connection)
            make(folder, db, done, jobs, reading, building)
            db.execute(
                "update run set state = 'killed', ended_at = started_at where state = 'running' and id <> ?", [this.id]
            )
            _end(db, this, holder, done)
            db.execute("pragma journal_mode = delete")
        _replace(folder)
    return done


def make(
    folder: Path, db: Database, done: Rebuilt, jobs: int | None, reading: Progress | None, building: Progress | None
) -> None:
    """Fill an empty catalogue from the segments of an archive, and hold it against them."""
    db.execute("pragma foreign_keys = off")
    places = _read_segments(folder, db, done, reading)
    with db.atomic(), journal.unwatched(db):
        replay = Replay(db)
        for place in in_force([place for place in places if place.rows]):
            replay.take(_rows(folder, place))
        replay.finish()
        done.rows = replay.taken
    done.lost += [f"{name}: this version does not have it" for name in sorted(replay.strange)]
    done.lost += _drop_orphans(db)
    db.execute("pragma foreign_keys = on")
    done.failures = build(folder, db, jobs, building).failures
    done.reports = next(db.query("select count(*) as n from report"))["n"]
    done.lost += put_history(db, replay.events)
    _check(db)


def _settle(folder: Path, holder: dict[str, Any], done: Rebuilt, say: Say) -> lock.Run:
    """Bring the WARC up to what the old catalogue knows, where that can be read; the run."""
    try:
        with closing(database.connect(folder).conn) as connection:
            db = Database(connection)
            this = lock.begin(db, holder)
            for line in repair(folder, db):
                say(f"repaired: {line}")
            recorder = Recorder(folder, db, this.id)
            recorder.tell()
            recorder.close()
            done.before = next(db.query("select count(*) as n from report"))["n"]
            _alone(db)
            return this
    except FileNotFoundError:
        say(f"there is no {database.NAME}: what people entered since the last crawl is not known")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise InUse(
                f"another program has {folder / database.NAME} open (nianbao serve?): stop it, then run it again"
            ) from error
        raise
    except sqlite3.DatabaseError as error:
        say(f"{database.NAME} cannot be read ({error}): what people entered since the last crawl is not known")
    for path in warc.left_open(folder / FOLDER):
        warc.close_copy(path)
        path.unlink()
        say(f"repaired: {path.name} was left open")
    return lock.Run(hashlib.sha256(repr(holder).encode()).hexdigest()[:32])


def _alone(db: Database) -> None:
    """Let the catalogue be one file, which nobody else reads. Raises sqlite3.OperationalError: database is locked."""
    db.execute("pragma busy_timeout = 2000")
    db.execute("pragma wal_checkpoint(truncate)")
    db.execute("pragma journal_mode = delete")


def _read_segments(folder: Path, db: Database, done: Rebuilt, progress: Progress | None) -> list[Place]:
    """Catalogue the captures of all segments; where their other records lie. Raises Broken."""
    paths = sorted((folder / FOLDER).glob("*.warc.gz"))
    total, passed, wrong = sum(path.stat().st_size for path in paths), 0, {}
    places: list[Place] = []
    for path in paths:
        try:
            done.captures += _read_segment(path, db, places, _counter(progress, passed, total))
        except Damaged as error:
            wrong[path.name] = str(error)
        done.segments += 1
        passed += path.stat().st_size
        if not path.with_name(path.name.removesuffix(".warc.gz") + ".cdxj").exists() and path.name not in wrong:
            warc.write_index(path)
    if wrong:
        raise Broken(wrong)
    _refer(folder, db)
    return places


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


def _rows(folder: Path, place: Place) -> notes.Rows:
    return notes.read(warc.read(folder / FOLDER, place.segment, place.start, place.length))


def _drop_orphans(db: Database) -> list[str]:
    """Take away rows that refer to rows which no record tells; in words."""
    said = []
    while wrong := list(
        db.query('select distinct "table", rowid, parent from pragma_foreign_key_check where rowid is not null')
    ):
        for row in wrong:
            db.execute(f"delete from {row['table']} where rowid = ?", [row["rowid"]])
            said.append(f"a row of {row['table']} refers to a {row['parent']} that nothing tells: left out")
    return said


def _check(db: Database) -> None:
    """Raises sqlite3.DatabaseError where the new catalogue is not sound."""
    sound = [row["integrity_check"] for row in db.query("pragma integrity_check")]
    if sound != ["ok"] or list(db.query("pragma foreign_key_check")):
        raise sqlite3.DatabaseError(f"the new catalogue is not sound: {sound[0]}")


def _end(db: Database, this: lock.Run, holder: dict[str, Any], done: Rebuilt) -> None:
    this.counts.update(segments=done.segments, captures=done.captures, reports=done.reports)
    db.execute(
        "insert or ignore into run (id, command, host, pid, started_at) values (?, ?, ?, ?, ?)",
        [this.id, holder["command"], holder["host"], holder["pid"], holder["since"]],
    )
    lock.end(db, this, "done")


def _replace(folder: Path) -> None:
    """Put the new catalogue in the place of the old one, which is kept."""
    old, kept = folder / database.NAME, folder / BEFORE
    if old.exists():
        _remove(folder, BEFORE)
        for ending in ENDINGS[1:]:  # of a catalogue that could not be opened: they must not be taken for the new one's
            if (rest := folder / f"{database.NAME}{ending}").exists():
                rest.rename(folder / f"{BEFORE}{ending}")
        os.link(old, kept)
    (folder / NEW).replace(old)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folder: Path, name: str) -> None:
    for ending in ENDINGS:
        (folder / f"{name}{ending}").unlink(missing_ok=True)
