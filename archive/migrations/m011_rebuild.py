"""What the catalogue knows and the WARC does not yet: the outbox of `archive.journal`."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

# `untold`: the rows that changed since they were last told to the WARC, by natural key; `told`: how far into each segment
# that is being written the catalogue has what was told.
REBUILD = """
create table untold (n integer primary key autoincrement, tab text not null, key text not null, unique (tab, key));
create table told (segment text primary key, start integer not null) without rowid;
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, REBUILD)
