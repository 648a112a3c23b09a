"""The index of words holds a whole transaction in memory before it writes a segment, and joins eight segments at once.

FTS5 writes whenever its table in memory has 1 MB, which forty reports fill, and rewrites four segments into one; both
settings are kept in the index itself (SQLite, FTS5, "hashsize" and "automerge").
"""

from __future__ import annotations

from sqlite_utils import Database

HASH_SIZE = 16 * 2**20  # bytes
AUTOMERGE = 8  # segments; of more a search reads more, of fewer each word is written more often


def apply(db: Database) -> None:
    """Once, in one transaction."""
    for option, value in (("hashsize", HASH_SIZE), ("automerge", AUTOMERGE)):
        db.execute("insert into report_fts (report_fts, rank) values (?, ?)", [option, value])
