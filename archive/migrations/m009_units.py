"""Units and their names, what ought to be published until when, what a person has to say, and the views that tell of it."""

from __future__ import annotations

from sqlite_utils import Database

from . import run

# What people say: roster, renaming, alias (of m001), decision, rows of deadline with a region. Everything else is made by `build`.
UNITS = """
alter table unit add column credit_code text not null default '';
alter table unit add column chain text not null default '';
alter table unit add column from_year integer;
alter table unit add column to_year integer;
update unit set chain = id;
create index unit_chain on unit (chain);
create table roster (
  region text not null, name text not null, full_name text not null default '', type text not null default '', credit_code text not null default '',
  from_year integer, to_year integer, entered_at text not null, primary key (region, name));
insert into roster (region, name, full_name, type, entered_at) select region, name, full_name, type, found_at from unit where portal is null;
create table renaming (old text not null, new text not null, from_year integer not null, entered_at text not null, primary key (old, new));
create table credit (
  page text not null, report text not null, code text not null, publisher text not null default '', primary key (page, report));
create index credit_report on credit (report);
create table deadline (
  region text not null default '', unit_type text not null, from_year integer not null, to_year integer, month_day text not null,
  basis text not null, source text not null, entered_at text, primary key (region, unit_type, basis, from_year));
create table expected (
  unit text not null, year integer not null, source text not null, due text, expected_by text not null, basis text not null,
  absent_at text, proved_at text, column_url text not null default '', why text not null default '', primary key (unit, year)) without rowid;
create table review (
  id text primary key, kind text not null, page text not null, document text not null, title text not null default '', region text not null default '',
  report text not null default '', said text not null default '{}', candidates text not null default '[]', why text not null, at text not null);
create index review_page on review (page);
create index event_report on event (report, kind);
create table decision (
  page text not null, document text not null, title text not null default '', unit text not null default '', year integer,
  is_report integer not null default 1, remark text not null default '', entered_at text not null, primary key (page, document, title))
"""
CHAIN = """
create trigger unit_is_a_chain after insert on unit when new.chain = '' begin
  update unit set chain = new.id where id = new.id;
end"""
# 条例2019 第四十九条 names departments and governments; 条例2008 第三十一条 names 各级行政机关, which enterprises are none of.
LAW_2019, LAW_2008 = "政府信息公开条例（2019）第四十九条", "政府信息公开条例（2008）第三十一条"
NO_LAW = "no article names such units; counties set the date by notice, usually this one"
ORGANS = ("government", "office", "department", "town", "street", "zone")
DEADLINES = (
    *((kind, 2008, 2018, "03-31", "statute", LAW_2008) for kind in ORGANS),
    ("enterprise", 2008, 2018, "03-31", "convention", NO_LAW),
    ("government", 2019, None, "03-31", "statute", f"{LAW_2019}第二款"),
    *((kind, 2019, None, "01-31", "statute", f"{LAW_2019}第一款") for kind in ("office", "department")),
    *((kind, 2019, None, "01-31", "convention", NO_LAW) for kind in ("town", "street", "zone", "enterprise")),
)
# A report counts for its unit's chain. Times are UTC, days are those of China.
COVERAGE = """
create view coverage as
with held as (
  select u.chain as unit, r.year, r.id as report, r.first_seen, v.stated_date,
    exists (select 1 from event e where e.report = r.id and e.kind = 'backfill') as backfill,
    coalesce((select kind from event e where e.report = r.id and kind in ('withdrawn', 'restored') order by at desc, n desc limit 1), '') = 'withdrawn' as gone,
    row_number() over (partition by u.chain, r.year order by r.first_seen, r.id) as place
  from report r join unit u on u.id = r.unit left join version v on v.report = r.id and v.seq = 1),
known as (select unit, year from expected union select unit, year from held),
both as (
  select k.unit, k.year, coalesce(e.source, '') as source, e.due, e.expected_by, coalesce(e.due, e.expected_by) as limit_day,
    coalesce(e.basis, '') as basis, e.absent_at, date(e.absent_at, '+8 hours') as absent_day, e.proved_at, coalesce(e.column_url, '') as column_url,
    coalesce(e.why, '') as why, h.report, h.first_seen, date(h.first_seen, '+8 hours') as seen_day, h.stated_date, h.backfill, h.gone
  from known k left join expected e on e.unit = k.unit and e.year = k.year left join held h on h.unit = k.unit and h.year = k.year and h.place = 1)
select u.region, b.unit, coalesce(nullif(u.full_name, ''), u.name) as name, u.type, b.year,
  case when b.gone then 'withdrawn'
    when b.report is null then case
      when b.absent_day > b.limit_day then 'missing' when b.limit_day < date('now', '+8 hours') then 'due_unseen' else 'not_due' end
    when b.limit_day is null then 'archived'
    when not b.backfill and b.seen_day <= b.limit_day then 'on_time'
    when b.stated_date > b.limit_day then 'late_stated'
    when not b.backfill and date(b.stated_date, '+2 days') <= b.absent_day then 'backdated_suspect'
    when not b.backfill and b.absent_day > b.limit_day then 'late_seen'
    when b.stated_date is not null then 'on_time' else 'archived' end as state,
  b.report, b.stated_date, b.first_seen, b.due, b.expected_by, b.basis, b.source, b.absent_at, b.proved_at, b.column_url, b.why
from both b join unit u on u.id = b.unit
"""
OVERDUE = """
create view overdue as
select region, unit, name, type, year, coalesce(due, expected_by) as due, iif(due is null, basis, 'statute') as basis, source, proved_at, absent_at, column_url
from coverage where state = 'missing'
union all
select region, unit, name, type, year, expected_by, basis, source, null, absent_at, column_url
from coverage where report is null and state <> 'missing' and date(absent_at, '+8 hours') > expected_by
"""
NAMES = """
create view unit_name as
select u.chain, u.id as unit, u.name, coalesce(u.from_year, (select min(year) from report r where r.unit = u.id)) as from_year,
  coalesce(u.to_year, (select max(year) from report r where r.unit = u.id)) as to_year
from unit u
"""


def apply(db: Database) -> None:
    """Once, in one transaction."""
    run(db, UNITS)
    for statement in (CHAIN, COVERAGE, OVERDUE, NAMES):
        db.execute(statement)
    names = ("unit_type", "from_year", "to_year", "month_day", "basis", "source")
    for row in DEADLINES:
        db.table("deadline").insert(dict(zip(names, row, strict=True)))
