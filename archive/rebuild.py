"""Makes the catalogue anew from the WARC segments alone: captures, what the crawl knew, then all that a build makes of them.

The new catalogue is made beside the old one, and takes its place by one rename when it is whole; until then the archive is as it
was. What the old one knows and the WARC does not (what people entered since the last crawl) is told to the WARC before.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from . import database, journal, lock, notes, olden, warc
from .build import Progress, build
from .captures import FOLDER, Recorder
from .cataloguing import repair
from .replaying import Replay
from .retold import put_history
from .segments import in_force, read_segments
from .swapping import NEW, alone, put_in_place, remove

Say = Callable[[str], None]


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


def rebuild(folder: Path, jobs: int | None, say: Say, reading: Progress | None, building: Progress | None) -> Rebuilt:
    """Rebuild an archive, under its lock. Raises lock.Locked, Broken, InUse, database.Newer, OSError and sqlite3.Error of a full disk."""
    with lock.hold(folder, "rebuild") as holder:
        done = Rebuilt()
        this = _settle(folder, holder, done, say)
        remove(folder, NEW)
        with closing(database.connect(folder, create=True, name=NEW).conn) as connection:
            db = Database(connection)
            make(folder, db, done, jobs, reading, building)
            db.execute(
                "update run set state = 'killed', ended_at = started_at where state = 'running' and id <> ?", [this.id]
            )
            _end(db, this, holder, done)
            alone(folder, db)
        put_in_place(folder)
    return done


def make(
    folder: Path, db: Database, done: Rebuilt, jobs: int | None, reading: Progress | None, building: Progress | None
) -> None:
    """Fill an empty catalogue from the segments of an archive, and hold it against them. Raises Broken."""
    events = state(folder, db, done, reading)
    done.failures = build(folder, db, jobs, building).failures
    done.reports = next(db.query("select count(*) as n from report"))["n"]
    done.lost += put_history(db, events)
    _check(db)


def state(folder: Path, db: Database, done: Rebuilt, reading: Progress | None = None) -> dict[str, dict[str, Any]]:
    """Fill an empty catalogue with captures and what the crawl knew; what was told of events, by id. Raises Broken."""
    db.execute("pragma foreign_keys = off")
    places, done.segments, done.captures = read_segments(folder, db, reading)
    with db.atomic(), journal.unwatched(db):
        replay = Replay(db)
        for place in in_force([place for place in places if place.rows]):
            replay.take(notes.read(warc.read(folder / FOLDER, place.segment, place.start, place.length)))
        replay.finish()
        done.rows = replay.taken
    if not any(place.rows for place in places):
        told = (warc.read(folder / FOLDER, place.segment, place.start, place.length) for place in places)
        with db.atomic():  # watched: it is told by the next run
            done.lost += olden.derive(db, told)
    done.lost += [f"{name}: this version does not have it" for name in sorted(replay.strange)]
    done.lost += _drop_orphans(db)
    db.execute("pragma foreign_keys = on")
    return replay.events


def _settle(folder: Path, holder: dict[str, Any], done: Rebuilt, say: Say) -> lock.Run:
    """Bring the WARC up to what the old catalogue knows, where that can be read; the run."""
    try:
        with closing(database.connect(folder, say=say).conn) as connection:
            db = Database(connection)
            this = lock.begin(db, holder)
            for line in repair(folder, db):
                say(f"repaired: {line}")
            recorder = Recorder(folder, db, this.id)
            recorder.tell()
            recorder.close()
            done.before = next(db.query("select count(*) as n from report"))["n"]
            alone(folder, db)
            return this
    except FileNotFoundError:
        say(f"there is no {database.NAME}: what people entered since the last crawl is not known")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        say(f"{database.NAME} cannot be read ({error}): what people entered since the last crawl is not known")
    for path in warc.left_open(folder / FOLDER):
        warc.close_copy(path)
        path.unlink()
        say(f"repaired: {path.name} was left open")
    return lock.Run(hashlib.sha256(repr(holder).encode()).hexdigest()[:32])


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
