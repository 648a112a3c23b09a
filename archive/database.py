"""The catalogue `nianbao.db`: how it is opened. Its schema stands in `migrations/`.

Keys are natural, so that archives can be merged and rebuilt to the same ids: a report is region/unit/scope/year,
documents go by the sha256 of their content, captures by segment and offset.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from . import journal, panel
from .migrations import all_migrations, names
from .search import catch_up

NAME = "nianbao.db"


class Newer(Exception):
    """A catalogue that a later version of the program has made; the message says what to do. Raised by `connect`."""


def connect(folder: Path, create: bool = False, name: str = NAME) -> Database:
    """The catalogue of an archive, migrated to this version.

    Raises FileNotFoundError where there is no archive and `create` is False, Newer where nothing may be touched.
    """
    path = folder / name
    if not create and not path.exists():
        raise FileNotFoundError(path)
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    try:
        _refuse_newer(connection, path)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma foreign_keys = on")
        db = Database(connection)
        if all_migrations().pending(db):
            all_migrations().apply(db)
            catch_up(db)
        panel.keep(db)
        journal.watch(db)
    except BaseException:
        connection.close()
        raise
    return db


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
