"""When a portal is due, how it is and since when; in which rounds an entry was listed; events of columns."""

from __future__ import annotations

from sqlite_utils import Database

from ..health import adopt
from . import run

DUE = """
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
LISTED = (
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


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, DUE)
    for statement in LISTED:
        db.execute(statement)
    adopt(db)
