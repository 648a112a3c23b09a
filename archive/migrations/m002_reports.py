"""Documents, reports and their versions, figures, checks, events, the bigram index."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

REPORTS = """
create table document (
  sha256 text primary key, bytes integer not null, media_type text not null default '', format text not null default '', reader text not null,
  title text not null default '', text text not null default '', metadata text not null default '{}', notes text not null default '[]', read_at text not null);
create table built (portal text not null, page text not null, inputs text not null, primary key (portal, page));
create table report (
  n integer primary key, id text not null unique, region text not null, unit text not null references unit(id), scope text not null, year integer not null,
  title text not null default '', publisher text, current text, first_seen text not null, last_seen text not null);
create table version (
  id text primary key, report text not null references report(id), document text not null references document(sha256), content text not null,
  seq integer not null default 1, title text not null default '', forms text not null default '{}', missing text not null default '[]',
  inferred text not null default '{}', contact text not null default '{}', notes text not null default '[]', stated_date text,
  first_seen text not null, last_seen text not null, unique (report, content));
create table sighting (
  page text not null, url text not null, version text not null references version(id), document text not null, role text not null, capture text not null references capture(id),
  link_text text not null default '', backfill integer not null default 0, first_seen text not null, last_seen text not null, primary key (page, url, version));
create index sighting_version on sighting (version);
create table figure (
  version text not null references version(id), path text not null, value real, state text not null, written text not null, unit text,
  form text not null, place text not null default '{}', confidence real, primary key (version, path)) without rowid;
create index figure_path on figure (path, value);
create table section (version text not null references version(id), n integer not null, heading text not null, text text not null, primary key (version, n)) without rowid;
create table number (version text not null references version(id), key text not null, value real, text text not null, primary key (version, key)) without rowid;
create table check_result (
  version text not null references version(id), id text not null, scope text not null, result text not null, expected text, found text,
  primary key (version, id, scope)) without rowid;
create table event (
  n integer primary key, id text not null unique, kind text not null, report text not null references report(id), version text, at text not null,
  detail text not null default '{}');
create index event_at on event (at);
create table bookmark (name text primary key, n integer not null);
create table indexed (n integer primary key references report(n), version text not null);
create virtual table report_fts using fts5 (title, text, content='', tokenize='unicode61');
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, REPORTS)
