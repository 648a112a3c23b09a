"""The index of words in the order of years, with region and unit in it, so that a filtered search reads only what it shows.

A row of the index is that of `report.in_order`: year, then n. What is indexed is written anew when the catalogue is next opened.
"""

from __future__ import annotations

from sqlite_utils import Database

from . import run

SEARCH = """
alter table report add column in_order integer generated always as ((year << 32) + n) virtual;
create unique index report_in_order on report (in_order);
drop table indexed;
drop table report_fts;
create table indexed (
  in_order integer primary key, n integer not null unique, version text not null, about text not null);
create index indexed_version on indexed (version);
create index version_document on version (document);
create virtual table report_fts using fts5 (title, text, about, content='', tokenize='unicode61');
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, SEARCH)
