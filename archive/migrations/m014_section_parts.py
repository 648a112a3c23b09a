"""Problems and measures of section 五, where the report itself says which is which."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

PARTS = """
create table section_part (
  version text not null references version(id) on delete cascade, part text not null, heading text not null, text text not null,
  primary key (version, part)) without rowid
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, PARTS)
