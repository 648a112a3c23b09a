"""The catalogue `nianbao.db`: how it is opened. Its schema stands in `migrations/`.

Keys are natural, so that archives can be merged and rebuilt to the same ids: a report is region/unit/scope/year,
documents go by the sha256 of their content, captures by segment and offset.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from . import journal, panel
from .migrations import all_migrations

NAME = "nianbao.db"


def connect(folder: Path, create: bool = False) -> Database:
    """The catalogue of an archive, migrated to this version.

    Raises FileNotFoundError where there is no archive and `create` is False.
    """
    path = folder / NAME
    if not create and not path.exists():
        raise FileNotFoundError(path)
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")
    db = Database(connection)
    if all_migrations().pending(db):
        all_migrations().apply(db)
    panel.keep(db)
    journal.watch(db)
    return db
