"""Bundles and reports put together from several documents; what pages were read with, and what failed with it."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

# `part`: what bundles hold and composed reports are made of, in order: the path inside, or the address, and the digest.
PARTS = """
create table part (
  document text not null, n integer not null, path text not null, sha256 text not null, primary key (document, n)) without rowid;
create index part_sha256 on part (sha256);
alter table built add column tools text not null default '{}';
alter table failure add column readers text not null default '';
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, PARTS)
