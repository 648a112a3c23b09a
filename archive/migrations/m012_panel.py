"""The crosswalk between the forms, the likeness of reports, and an index of figures that cost more than it gave.

The wide views are no part of a migration: `archive/panel.py` makes them from the form modules whenever a catalogue is opened.
"""

from __future__ import annotations

from sqlite_utils import Database

from . import run

# `figure_path` grew at 200 places for every report, so that its cost rose with the archive; figures are looked up by version and path.
# `sketched`, `band`: which version of a report was compared, and where locality-sensitive hashing puts it (similarity.py).
PANEL = """
create table crosswalk (
  concept text not null, form text not null, path text not null, unit text not null, comparable integer not null, note text not null default '',
  primary key (concept, form, path)) without rowid;
create table similarity (
  report text not null, other text not null, kind text not null, score real not null,
  shared integer not null, clauses integer not null, other_clauses integer not null, primary key (report, other)) without rowid;
create index similarity_other on similarity (other);
create table sketched (report text primary key, version text not null, sketch text not null) without rowid;
create table band (year integer not null, band integer not null, hash integer not null, report text not null, primary key (year, band, hash, report)) without rowid;
create index band_report on band (report);
drop index if exists figure_path;
create index if not exists report_unit on report (unit, year);
create index if not exists report_year on report (year, region);
create index if not exists report_region on report (region, year);
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, PANEL)
