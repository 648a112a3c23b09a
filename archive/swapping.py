"""Puts a new catalogue in the place of an archive's own, by one rename; the old one is kept."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from . import database, journal, notes
from .joining import SETTINGS
from .replaying import Replay

NEW, BEFORE = "nianbao.db.new", "nianbao.db.before-rebuild"
NEVER = ("run", "event", "capture")  # are not carried over: made by the new catalogue itself
ENDINGS = ("", "-wal", "-shm", "-journal")


class InUse(Exception):
    """Another program reads the catalogue, so that it cannot be replaced. Raised by `alone`."""


def alone(folder: Path, db: Database) -> None:
    """Let a catalogue be one file, which nobody else reads. Raises InUse."""
    try:
        db.execute("pragma busy_timeout = 2000")
        db.execute("pragma wal_checkpoint(truncate)")
        db.execute("pragma journal_mode = delete")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        said = f"another program has {folder / database.NAME} open (nianbao serve?): stop it, then run it again"
        raise InUse(said) from error


def put_in_place(folder: Path, tables: Sequence[str] = ()) -> None:
    """Put the new catalogue in the place of the old one, which is kept; with it goes what people entered meanwhile.

    `tables`: where rounds have other numbers in the new one, what may be carried over; of portals only their settings then.
    Raises InUse.
    """
    old, kept = folder / database.NAME, folder / BEFORE
    _carry(folder, tables)
    if old.exists():
        remove(folder, BEFORE)
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


def _carry(folder: Path, tables: Sequence[str]) -> None:
    """Take into the new catalogue what commands that need no lock (`portals edit`) have written into the old one since."""
    try:
        with closing(database.connect(folder).conn) as connection:
            entered = [_entered(rows, tables) for rows, _ in journal.untold(Database(connection))]
            alone(folder, Database(connection))
    except (FileNotFoundError, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        return
    with closing(database.connect(folder, name=NEW).conn) as connection:
        db = Database(connection)
        with db.atomic():  # watched, so that it is told to the WARC as it would have been
            replay = Replay(db)
            for rows in entered:
                replay.take(rows)
            replay.finish()
        alone(folder, db)


def _entered(rows: notes.Rows, tables: Sequence[str]) -> notes.Rows:
    """Rows as they may be carried over."""
    kept = [name for name in journal.TABLES if name not in NEVER and (not tables or name in tables)]
    said = {name: rows.rows[name] for name in kept if name in rows.rows}
    if tables and "portal" in said:
        columns, values = said["portal"]
        places = [place for place, name in enumerate(columns) if name in (*SETTINGS, "id", "added_at")]
        said["portal"] = [columns[place] for place in places], [[row[place] for place in places] for row in values]
    return replace(rows, rows=said, gone={name: rows.gone[name] for name in kept if name in rows.gone})


def remove(folder: Path, name: str) -> None:
    """A catalogue with the files that SQLite keeps beside it."""
    for ending in ENDINGS:
        (folder / f"{name}{ending}").unlink(missing_ok=True)
