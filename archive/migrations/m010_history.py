"""What was found of versions besides their figures, told as events; the pages that a report has in a document of several."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

HISTORY = """
alter table version add column pages text not null default '';
create table finding (
  page text not null, version text not null references version(id), kind text not null, document text not null, at text not null,
  backfill integer not null default 0, detail text not null default '{}', primary key (page, version, kind, document)) without rowid;
create index finding_version on finding (version);
create index capture_round on capture (portal, round, fetched_at);
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, HISTORY)
