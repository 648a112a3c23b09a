"""Whom to compare is found in a large archive as fast as in a small one: what is due and the portals by county, reports in their bands by a number.

Rows of `band` lie in order of their digests, so that each is on a page of its own; the shorter they are, the fewer pages that are.
"""

from __future__ import annotations

from sqlite_utils import Database

from . import run

NUMBERED = """
create index cross_due_region on cross_due (region);
create index portal_region on portal (region);
create table sketched_new (
  n integer primary key, report text not null unique, version text not null, year integer not null, clauses integer not null, bands blob not null);
insert into sketched_new (report, version, year, clauses, bands) select report, version, year, clauses, bands from sketched order by report;
drop table sketched;
alter table sketched_new rename to sketched;
create table band_new (
  year integer not null, band integer not null, hash integer not null, sketched_n integer not null, primary key (year, band, hash, sketched_n)) without rowid;
insert into band_new select b.year, b.band, b.hash, s.n from band b cross join sketched s on s.report = b.report order by 1, 2, 3, 4;
drop table band;
alter table band_new rename to band
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, NUMBERED)
