"""The catalogue `nianbao.db`: its schema as migrations, and how it is opened.

Keys are natural, so that archives can be merged and rebuilt to the same ids: a report is region/unit/scope/year,
documents go by the sha256 of their content, captures by segment and offset.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

NAME = "nianbao.db"

migrations = Migrations("nianbao")

_CRAWL = """
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

_REPORTS = """
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


_FAMILIES = """
alter table portal add column report_url text not null default '';
alter table column_page add column seen_round integer not null default 0;
alter table column_page add column needs_browser text not null default '';
alter table capture add column rendered text not null default '';
alter table capture add column refused text not null default '';
create table rejected (
  portal text not null references portal(id), url text not null, title text not null default '', reason text not null, found_on text not null default '',
  at text not null, primary key (portal, url));
"""

_DUE = """
alter table portal add column every text not null default 'season';
alter table portal add column due text not null default '';
alter table portal add column moved text not null default '';
create table listed (
  portal text not null, url text not null, column_url text not null, first_round integer not null, last_round integer not null,
  primary key (portal, url, first_round)) without rowid;
create table reading (
  portal text not null, column_url text not null, round integer not null, at text not null, entries integer not null,
  whole integer not null, why text not null default '', primary key (portal, column_url, round));
create table portal_round (
  portal text not null, round integer not null, began_at text not null, ended_at text not null, years text not null default '',
  state text not null, entries integer not null, entries_before integer, reason text not null default '',
  primary key (portal, round));
create table portal_state (
  portal text not null, since text not null, state text not null, reason text not null default '', primary key (portal, since));
create index failure_portal on failure (portal, round);
create index url_portal_round on url (portal, round, kind);
create table event_new (
  n integer primary key, id text not null unique, kind text not null, report text references report(id), version text, at text not null,
  detail text not null default '{}', portal text not null default '', url text not null default '');
insert into event_new (n, id, kind, report, version, at, detail) select n, id, kind, report, version, at, detail from event;
drop table event;
alter table event_new rename to event;
create index event_at on event (at);
insert into listed select portal, url, max(column_url), max(round), max(round) from url
  where spider = 'reports' and kind = 'detail' and round > 0 and state not in ('not_report', 'other_county') group by portal, url;
"""

# An entry that a list names as a report is asked for in every round, so that its row says in which rounds it was listed.
_LISTED = (
    """
create trigger listed_first after insert on url
when new.spider = 'reports' and new.kind = 'detail' and new.state = 'waiting' begin
  insert into listed select new.portal, new.url, new.column_url, new.round, new.round
    where not exists (select 1 from listed where portal = new.portal and url = new.url and last_round = new.round);
end""",
    """
create trigger listed_again after update of round on url
when new.spider = 'reports' and new.kind = 'detail' and new.state = 'waiting' begin
  update listed set last_round = new.round, column_url = new.column_url
    where portal = new.portal and url = new.url and last_round = new.round - 1;
  insert into listed select new.portal, new.url, new.column_url, new.round, new.round
    where not exists (select 1 from listed where portal = new.portal and url = new.url and last_round = new.round);
end""",
)

# One row a portal: what `nianbao status` prints, for Datasette and SQL. Times are UTC, next_due is a date in China.
_STATUS = """
create view portal_status as
with last as (select portal, max(round) as round, max(iif(state in ('ok', 'partial', 'shrunk', 'moved') and entries > 0, ended_at, null)) as success
              from portal_round group by portal),
     known as (select portal, max(since) as since from portal_state group by portal),
     fresh as (select r.region, max(e.at) as at from event e join report r on r.id = e.report where e.kind = 'new' group by r.region),
     held as (select region, count(*) as reports from report group by region),
     open_ as (select id, state <> 'paused' and round_done = 0 as unfinished from portal)
select p.id as portal, coalesce(nullif(p.name, ''), p.region_name) as name, p.region, p.region_name, p.family,
  case when p.state = 'paused' then 'paused' when o.unfinished then 'unfinished' else coalesce(s.state, 'new') end as state,
  iif(o.unfinished, p.round_at, coalesce(s.since, p.added_at)) as since,
  l.success as last_success, c.entries, c.entries_before, coalesce(h.reports, 0) as reports, f.at as last_new,
  case when p.state = 'paused' then null when o.unfinished or p.due = '' then 'now' else p.due end as next_due, p.every,
  p.moved, iif(o.unfinished, 'the round that began then goes on with the next crawl', coalesce(s.reason, '')) as reason,
  coalesce((select group_concat(n || ' ' || kind, ', ') from (select count(*) as n, kind from failure
    where failure.portal = p.id and failure.round in (0, p.round, iif(p.round, -1, p.survey_round)) group by kind order by n desc, kind)), '') as failures,
  coalesce((select group_concat(kind || ': ' || host || iif(host = '', '', ' ') || reason ||
    iif(host <> '' and until is not null, ' (until ' || replace(substr(until, 1, 16), 'T', ' ') || ' UTC)', ''), '; ')
    from (select * from portal_not_now w where w.portal = p.id order by w.kind, w.host)), '') as notes
from portal p join open_ o on o.id = p.id left join last l on l.portal = p.id left join portal_round c on c.portal = p.id and c.round = l.round
  left join known k on k.portal = p.id left join portal_state s on s.portal = p.id and s.since = k.since
  left join fresh f on f.region = coalesce(nullif(p.region, ''), p.id) left join held h on h.region = coalesce(nullif(p.region, ''), p.id)
where p.state <> 'removed'
"""

# Why something waits: of hosts that asked for time (`until`) or cannot be asked, of portals whose night or budget is over.
_POLITENESS = """
alter table portal add column night text not null default '';
alter table portal add column budget integer not null default 5000;
alter table portal add column round_slow integer not null default 0;
alter table capture add column tls text not null default '';
create table not_now (
  host text not null default '', portal text not null default '', kind text not null, reason text not null, until text, at text not null,
  primary key (host, portal, kind)) without rowid;
create view portal_not_now as select p.id as portal, n.kind, n.host, n.reason, n.until, n.at from portal p join not_now n on n.portal = p.id
  or n.host <> '' and exists (select 1 from url u where u.portal = p.id and u.host = n.host and u.state = 'waiting');
"""

# `part`: what bundles hold and composed reports are made of, in order: the path inside, or the address, and the digest.
_PARTS = """
create table part (
  document text not null, n integer not null, path text not null, sha256 text not null, primary key (document, n)) without rowid;
create index part_sha256 on part (sha256);
alter table built add column tools text not null default '{}';
alter table failure add column readers text not null default '';
"""


def _run(db: Database, script: str) -> None:
    """Statement by statement, so that the migration stays inside its transaction (executescript would commit)."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m001_crawl(db: Database) -> None:
    """Portals, columns, units, the frontier, captures, runs."""
    _run(db, _CRAWL)


@migrations()
def m002_reports(db: Database) -> None:
    """Documents, reports and their versions, figures, checks, events, the bigram index."""
    _run(db, _REPORTS)


@migrations()
def m003_families(db: Database) -> None:
    """What the survey rejected and why; an annual report known from elsewhere; columns that were seen again."""
    _run(db, _FAMILIES)


@migrations()
def m004_due(db: Database) -> None:
    """When a portal is due, how it is and since when; in which rounds an entry was listed; events of columns."""
    _run(db, _DUE)
    for statement in _LISTED:
        db.execute(statement)
    from .health import adopt

    adopt(db)


@migrations()
def m005_politeness(db: Database) -> None:
    """Night windows, budgets, who is left alone for now, and the TLS of captures."""
    _run(db, _POLITENESS)


@migrations()
def m006_status(db: Database) -> None:
    """The view that `nianbao status` prints, over what the two before it store."""
    db.execute(_STATUS)


@migrations()
def m007_parts(db: Database) -> None:
    """Bundles and reports put together from several documents; what pages were read with, and what failed with it."""
    _run(db, _PARTS)


def connect(folder: Path, create: bool = False) -> Database:
    """The catalogue of an archive, migrated to this version.

    Raises FileNotFoundError where there is no archive and `create` is False.
    """
    path = folder / NAME
    if not create and not path.exists():
        raise FileNotFoundError(path)
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")
    db = Database(connection)
    if migrations.pending(db):
        migrations.apply(db)
    return db
