"""Checks between years and between units, what people say of checks, and a view of all that holds or fails now."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

CHECKS = """
create table cross_check (
  report text not null, id text not null, scope text not null, version text not null, other text not null default '', other_version text not null default '',
  result text not null, expected text, found text, note text not null default '', primary key (report, id, scope)) without rowid;
create index cross_check_other on cross_check (other);
create index cross_check_failed on cross_check (id, report) where result = 'fail';
create index check_result_failed on check_result (id, version) where result = 'fail';
create index report_of_unit on report (unit, scope, year);
create index report_of_year on report (region, year);
create table cross_due (report text primary key, region text not null, unit text not null, scope text not null, year integer not null) without rowid;
insert into cross_due select id, region, unit, scope, year from report;
create table check_rule (id text primary key, severity text not null, forms text not null, scope text not null, meaning text not null) without rowid;
create table verdict (
  fingerprint text primary key, report text not null, id text not null, scope text not null, expected text, found text, verdict text not null,
  remark text not null default '', at text not null) without rowid;
create index verdict_of_check on verdict (report, id, scope)
"""
# Whatever touches a report makes its comparisons due, also what knows nothing of them. A version that is read anew is updated.
_DUE = "insert or ignore into cross_due select id, region, unit, scope, year from report where "
TRIGGERS = (
    f"create trigger report_changed_is_due after update of current on report begin {_DUE} id = new.id; end",
    f"create trigger version_read_is_due after update of content on version begin {_DUE} id = new.report; end",
    f"create trigger version_new_is_due after insert on version begin {_DUE} id = new.report; end",
    "create trigger report_gone_is_due after delete on report begin "
    "insert or ignore into cross_due values (old.id, old.region, old.unit, old.scope, old.year); end",
    f"create trigger unit_renamed_is_due after update on unit when new.chain is not old.chain begin {_DUE} unit = new.id; end",
)
VIEW = """
create view checks as
with told as (
  select r.id as report, r.region, r.unit, r.year, c.id, c.scope, c.result, c.expected, c.found, '' as other, '' as note
  from report r join check_result c on c.version = r.current
  union all
  select r.id, r.region, r.unit, r.year, x.id, x.scope, x.result, x.expected, x.found, x.other, x.note
  from cross_check x join report r on r.id = x.report)
select t.report, t.region, t.unit, t.year, t.id, t.scope, t.result, t.expected, t.found, k.severity, t.other, t.note,
  coalesce(
    (select verdict from verdict v where v.report = t.report and v.id = t.id and v.scope = t.scope and v.expected is t.expected and v.found is t.found),
    (select 'stale' from verdict v where v.report = t.report and v.id = t.id and v.scope = t.scope), '') as verdict,
  coalesce(
    (select remark from verdict v where v.report = t.report and v.id = t.id and v.scope = t.scope and v.expected is t.expected and v.found is t.found),
    (select remark from verdict v where v.report = t.report and v.id = t.id and v.scope = t.scope), '') as remark
from told t left join check_rule k on k.id = t.id
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, CHECKS)
    for statement in (*TRIGGERS, VIEW):
        db.execute(statement)
