"""The catalogue `nianbao.db`: how it is opened. Its schema stands in `migrations/`.

Keys are natural, so that archives can be merged and rebuilt to the same ids: a report is region/unit/scope/year,
documents go by the sha256 of their content, captures by segment and offset.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from sqlite_utils import Database

from . import journal, lock, panel
from .migrations import all_migrations, names
from .search import catch_up, join_segments

NAME = "nianbao.db"
BEHIND = 1  # the catalogue's user_version while the index of words is brought in line
WAIT = 30.0  # seconds for another process that writes
MIGRATING = "(which brings the catalogue to its own version)"


class Newer(Exception):
    """A catalogue that a later version of the program has made; the message says what to do. Raised by `connect`."""


def is_busy(error: sqlite3.DatabaseError) -> bool:
    """Whether a statement was refused because another process wrote for as long as one may wait (`WAIT`).

    Not where a transaction read before others wrote (SQLITE_BUSY_SNAPSHOT): that is refused at once, and a defect of ours.
    """
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT


def connect(
    folder: Path, create: bool = False, name: str = NAME, say: Callable[[str], None] = lambda line: None
) -> Database:
    """The catalogue of an archive, migrated to this version; `say` hears what that does, which may take minutes.

    Raises FileNotFoundError where there is no archive and `create` is False, Newer where nothing may be touched, lock.Locked
    where a catalogue has to be made or migrated while another run owns it, perhaps one of the version before.
    """
    path = folder / name
    if not create and not path.exists():
        raise FileNotFoundError(path)
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    try:
        _refuse_newer(connection, path)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        db = Database(connection)
        if all_migrations().pending(db) or _is_behind(db):
            with nullcontext() if lock.is_held(folder) else lock.hold(folder, MIGRATING):
                _migrate(db, say)
        panel.keep(db)
        journal.watch(db)
    except BaseException:
        connection.close()
        raise
    return db


def _migrate(db: Database, say: Callable[[str], None]) -> None:
    """Step by step, then the index of words; a kill leaves what was done, and the next opening goes on. Nothing is said of a new catalogue."""
    steps = [step.name for step in all_migrations().pending(db)]
    is_new = not all_migrations().applied(db)
    db.execute(f"pragma user_version = {BEHIND}")
    if steps and not is_new:
        say("the catalogue is of an earlier version and is brought to this one; the WARC files stay as they are")
    for number, step in enumerate(steps, start=1):
        if not is_new:
            say(f"  step {number} of {len(steps)}: {step}")
        all_migrations().apply(db, stop_before=steps[number:])
    if not is_new:
        say("  the index of words is brought in line")
    catch_up(db, say=say)
    join_segments(db)
    db.execute("pragma user_version = 0")


def _is_behind(db: Database) -> bool:
    """Whether the index of words may lack reports, because what brings it in line was killed."""
    return bool(db.execute("pragma user_version").fetchone()[0] == BEHIND)


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    """Before anything is written: a catalogue with a step that this program does not have is left as it is."""
    if not connection.execute("select 1 from sqlite_master where name = '_sqlite_migrations'").fetchone():
        return
    made = connection.execute("select name from _sqlite_migrations where migration_set = 'nianbao'")
    unknown = sorted({str(row[0]) for row in made} - names())
    if unknown:
        raise Newer(
            f"{path} was made by a later version of nianbao (it has {', '.join(unknown)}); nothing was changed. "
            "Install that version, or a later one."
        )
