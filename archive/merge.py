"""Joins archives: their segments copied, what they know beside responses joined (`archive.joining`), all else made anew from both.

Everything is prepared in the folder `merge.new` of the target and made anew by the code of a rebuild, with a snapshot of what both
know in a segment of its own; so the result is what a rebuild gives. By renaming that folder to `merge.ready` it is decided; what a
kill leaves to be done then, the next command does. Until then the target is as it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from . import database, lock, warc
from .build import Progress
from .captures import FOLDER, Recorder
from .cataloguing import repair
from .joining import PEOPLES, join
from .rebuild import Rebuilt, Say, make, state
from .swapping import NEW, alone, put_in_place, remove

STAGE, READY = "merge.new", "merge.ready"
MEANWHILE = ("portal", "column_page", *PEOPLES)  # what is carried over of what people entered while a merge ran


class NoArchive(Exception):
    """A folder that is no archive. Raised by `merge`."""


@dataclass(slots=True)
class Merged:
    """What a merge did: segments that came, reports before and after, what differs of people's entries."""

    segments: int = 0
    rows: int = 0
    before: int = 0
    rebuilt: Rebuilt | None = None
    said: list[str] = field(default_factory=list)


def merge(
    target: Path,
    sources: Sequence[Path],
    jobs: int | None,
    say: Say,
    reading: Progress | None,
    building: Progress | None,
) -> Merged:
    """Join archives to one. Raises lock.Locked, NoArchive, segments.Broken, swapping.InUse, database.Newer, OSError, sqlite3.Error."""
    for source in sources:
        if not (source / FOLDER).is_dir():
            raise NoArchive(f"{source} is no archive: there is no folder {FOLDER} in it")
        if source.resolve() == target.resolve():
            raise NoArchive(f"{source} is the target itself")
    target.mkdir(parents=True, exist_ok=True)
    with lock.hold(target, "merge") as holder, ExitStack() as held:
        finish(target)
        for source in sources:
            held.enter_context(_still(source))
        shutil.rmtree(target / STAGE, ignore_errors=True)
        done = Merged()
        with closing(database.connect(target, create=True, say=say).conn) as connection:
            db = Database(connection)
            this = lock.begin(db, holder)
            try:
                for line in repair(target, db):
                    say(f"repaired: {line}")
                done.before = next(db.query("select count(*) as n from report"))["n"]
                joined = _stage(target, db, this, sources, done, say)
            except BaseException:
                lock.end(db, this, "failed")
                raise
            if not joined:
                lock.end(db, this, "done")
                return done
            alone(target, db)
        _make(target, this, done, jobs, reading, building)
        (target / STAGE / FOLDER).rename(target / READY)
        finish(target)
    return done


def finish(target: Path) -> bool:
    """Do what is left of a merge that was decided: segments to their place, then the catalogue. Under the target's lock."""
    ready = target / READY
    if not ready.exists():
        return False
    (target / FOLDER).mkdir(exist_ok=True)
    for path in sorted(ready.iterdir()):
        path.rename(target / FOLDER / path.name)
    if (target / NEW).exists():
        put_in_place(target, MEANWHILE)
    ready.rmdir()
    shutil.rmtree(target / STAGE, ignore_errors=True)
    return True


@contextmanager
def _still(source: Path) -> Iterator[None]:
    """Nobody writes a source meanwhile. Raises lock.Locked."""
    path = source / lock.NAME
    if not path.exists():
        yield
        return
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise lock.Locked(f"the archive {source} is in use; wait for it to end") from error
        yield


def _stage(target: Path, db: Database, this: lock.Run, sources: Sequence[Path], done: Merged, say: Say) -> bool:
    """Prepare the segments that are new, and one that tells what all know; False where there is nothing new."""
    stage = target / STAGE
    (stage / FOLDER).mkdir(parents=True)
    views: list[tuple[Path, Path, dict[str, str], int]] = []
    for number, source in enumerate(sources):
        view = stage / f"source-{number}"
        _view(source, view, say).close()
        views.append((source, view, *_take_segments(target, view)))
    done.segments = sum(fresh for *_, fresh in views)
    if not done.segments and not _join(db, stage / "trial", views, Merged()):
        shutil.rmtree(stage)
        return False
    Recorder(target, db, this.id).close()  # what is told from now on came meanwhile (`put_in_place`)
    known = stage / "known"
    done.rows = _join(db, known, views, done)
    with closing(database.connect(known).conn) as connection:
        _tell(target, Database(connection))
    return True


def _join(db: Database, copy: Path, views: Sequence[tuple[Path, Path, dict[str, str], int]], done: Merged) -> int:
    """Join the sources to a copy of the target's catalogue; how many rows changed."""
    changed = 0
    with closing(_copy_of(db, copy).conn) as connection:
        for source, view, names, fresh in views:
            with closing(database.connect(view).conn) as other:
                rows, said = join(Database(connection), Database(other), names, with_crawl=fresh > 0)
            changed += rows
            done.said += [f"{source}: {line}" for line in said]
    return changed


def _tell(target: Path, known: Database) -> None:
    """A segment with a snapshot, which stands for all that the others tell."""
    stage = target / STAGE
    covers = sorted(path.name for folder in (target, stage) for path in (folder / FOLDER).glob("*.warc.gz"))
    recorder = Recorder(stage, known, uuid.uuid4().hex)
    recorder.snapshot(uuid.uuid4().hex, covers or ["none"])
    recorder.close()


def _copy_of(db: Database, folder: Path) -> Database:
    """A copy of a catalogue that may be changed."""
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / database.NAME)) as copy:
        db.conn.backup(copy)
    return database.connect(folder)


def _view(source: Path, view: Path, say: Say) -> Database:
    """The catalogue of a source as it would be after a repair, and its segments, in a folder beside; the source is not touched."""
    (view / FOLDER).mkdir(parents=True)
    for path in sorted((source / FOLDER).iterdir()):
        if path.name.endswith(warc.OPEN):
            shutil.copyfile(path, view / FOLDER / path.name)
        elif path.suffix in (".gz", ".cdxj"):
            (view / FOLDER / path.name).symlink_to(path.resolve())
    if (source / database.NAME).exists():
        shutil.copyfile(source / database.NAME, view / database.NAME)
        if (rest := source / f"{database.NAME}-wal").exists():
            shutil.copyfile(rest, view / rest.name)
        db = database.connect(view)
        for line in repair(view, db):
            say(f"{source}: {line}")
        return db
    say(f"{source}: it has no {database.NAME}; what its segments tell is taken")
    for path in warc.left_open(view / FOLDER):
        warc.close_copy(path)
        path.unlink()
    db = database.connect(view, create=True)
    state(view, db, Rebuilt())
    return db


def _take_segments(target: Path, view: Path) -> tuple[dict[str, str], int]:
    """Copy the segments that the target does not have: the names that they have here, and how many came."""
    names: dict[str, str] = {}
    fresh = 0
    for path in sorted((view / FOLDER).glob("*.warc.gz")):
        name, there = _name_for(target, path)
        names[path.name] = name
        if there:
            continue
        fresh += 1
        copy = target / STAGE / FOLDER / name
        with path.open("rb") as source, copy.open("wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        warc.write_index(copy)
    return names, fresh


def _name_for(target: Path, path: Path) -> tuple[str, bool]:
    """The name under which a segment lies in the target, or will; and whether it is there with the same bytes."""
    stem, number = path.name.removesuffix(".warc.gz"), 1
    while True:
        name = f"{stem}-{number}.warc.gz" if number > 1 else path.name
        there = [file for folder in (target, target / STAGE) if (file := folder / FOLDER / name).exists()]
        if not there:
            return name, False
        if there[0].stat().st_size == path.stat().st_size and _digest(there[0]) == _digest(path):
            return name, True
        number += 1


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _make(
    target: Path, this: lock.Run, done: Merged, jobs: int | None, reading: Progress | None, building: Progress | None
) -> None:
    """The catalogue of both, from all segments as they will lie."""
    both = target / STAGE / "both"
    (both / FOLDER).mkdir(parents=True)
    for folder in (target, target / STAGE):
        for path in (folder / FOLDER).glob("*") if (folder / FOLDER).exists() else ():
            (both / FOLDER / path.name).symlink_to(path.resolve())
    remove(target, NEW)
    done.rebuilt = Rebuilt()
    with closing(database.connect(target, create=True, name=NEW).conn) as connection:
        db = Database(connection)
        make(both, db, done.rebuilt, jobs, reading, building)
        this.counts.update(segments=done.segments, reports=done.rebuilt.reports)
        lock.end(db, this, "done")
        alone(target, db)
