"""Portals, columns, units, the frontier, captures, runs."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

CRAWL = """
create table portal (
  id text primary key, name text not null default '', region text not null default '', region_name text not null default '',
  home text not null, family text not null default '', hosts text not null default '', state text not null default 'new',
  delay real not null default 2.0, allow_private integer not null default 0, site_code text not null default '',
  round integer not null default 0, survey_round integer not null default 0, round_done integer not null default 1, round_at text, round_years text not null default '', baseline_at text,
  added_at text not null, surveyed_at text, note text not null default '');
create table column_page (
  portal text not null references portal(id), url text not null, unit text not null default '', title text not null default '',
  family text not null default '', state text not null default 'found', evidence text not null default '', found_at text not null, baseline_at text,
  primary key (portal, url));
create table unit (
  id text primary key, region text not null, name text not null, full_name text not null default '', type text not null default '',
  portal text, home text not null default '', found_at text not null, unique (region, name));
create table alias (region text not null, alias text not null, unit text not null references unit(id), primary key (region, alias));
create table url (
  id integer primary key, fingerprint blob not null, url text not null, spider text not null, portal text not null,
  host text not null, kind text not null, priority integer not null default 0, request text not null, found_on integer references url(id),
  column_url text not null default '', link_text text not null default '', stated_date text, round integer not null default 0,
  state text not null default 'waiting', status integer, capture text, note text not null default '', added_at text not null, ended_at text,
  etag text, last_modified text,
  unique (fingerprint, spider, portal));
create index url_waiting on url (spider, portal, host, priority desc, id) where state = 'waiting';
create index url_found_on on url (found_on);
create table capture (
  id text primary key, url text not null, fetched_at text not null, status integer, media_type text not null default '',
  headers text not null default '{}', sha256 text not null, document text, segment text not null, start integer not null, length integer not null,
  type text not null, revisit_of text, portal text not null default '', kind text not null default '', row integer,
  round integer not null default 0, found_on text not null default '', link_text text not null default '', stated_date text,
  foreign key (revisit_of) references capture(id));
create index capture_url on capture (url, fetched_at);
create index capture_row on capture (row);
create index capture_portal on capture (portal, kind);
create index capture_document on capture (document);
create table link (
  portal text not null, page text not null, url text not null, text text not null default '', round integer not null,
  primary key (portal, page, url));
create table column_check (
  portal text not null, column_url text not null, page text not null, checked_at text not null, round integer not null,
  entries integer not null, reports integer not null, digest text not null default '', ok integer not null, note text not null default '',
  primary key (portal, column_url, page, checked_at));
create table failure (
  subject text not null, kind text not null, reason text not null, url text not null default '', portal text not null default '',
  reader text not null default '', round integer not null default 0, at text not null, primary key (subject, kind, reader));
create table run (
  id text primary key, command text not null, host text not null, pid integer not null, started_at text not null, ended_at text,
  state text not null default 'running', counts text not null default '{}');
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, CRAWL)
