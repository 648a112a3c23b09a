"""The segments of the index of words are joined at the end of a build (`search.join_segments`), not while it goes on.

A build of many reports wrote every word again for each power of eight of its transactions. Joined at the end, each is written once more;
within a build only where 256 segments of one size have come together. The settings are kept in the index itself (SQLite, FTS5, "automerge",
"crisismerge", "usermerge").
"""

from __future__ import annotations

from sqlite_utils import Database

SETTINGS = {"automerge": 0, "crisismerge": 256, "usermerge": 8}  # segments of one size


def apply(db: Database) -> None:
    """Once, in one transaction."""
    for option, value in SETTINGS.items():
        db.execute("insert into report_fts (report_fts, rank) values (?, ?)", [option, value])
