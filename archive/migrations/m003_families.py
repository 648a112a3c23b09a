"""What the survey rejected and why; an annual report known from elsewhere; columns that were seen again."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

FAMILIES = """
alter table portal add column report_url text not null default '';
alter table column_page add column seen_round integer not null default 0;
alter table column_page add column needs_browser text not null default '';
alter table capture add column rendered text not null default '';
alter table capture add column refused text not null default '';
create table rejected (
  portal text not null references portal(id), url text not null, title text not null default '', reason text not null, found_on text not null default '',
  at text not null, primary key (portal, url));
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, FAMILIES)
