"""A figure whose row prints no label says so in its row too: a researcher may leave out what was told by its place."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Once, in one transaction. Figures of before get it when their document is read again, as a newer reader has it done."""
    db.execute("alter table figure add column matched text")
