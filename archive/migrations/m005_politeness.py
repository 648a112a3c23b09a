"""Night windows, budgets, who is left alone for now, and the TLS of captures."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

# Why something waits: of hosts that asked for time (`until`) or cannot be asked, of portals whose night or budget is over.
POLITENESS = """
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


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, POLITENESS)
