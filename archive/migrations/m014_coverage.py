"""The view `coverage` anew: backdated is what the event says, so that both have one rule."""

from __future__ import annotations

from sqlite_utils import Database

# A report counts for its unit's chain. Times are UTC, days are those of China.
COVERAGE = """
create view coverage as
with held as (
  select u.chain as unit, r.year, r.id as report, r.first_seen, v.stated_date,
    exists (select 1 from event e where e.report = r.id and e.kind = 'backfill') as backfill,
    exists (select 1 from event e where e.report = r.id and e.kind = 'backdated_suspect') as backdated,
    coalesce((select kind from event e where e.report = r.id and kind in ('withdrawn', 'restored') order by at desc, n desc limit 1), '') = 'withdrawn' as gone,
    row_number() over (partition by u.chain, r.year order by r.first_seen, r.id) as place
  from report r join unit u on u.id = r.unit left join version v on v.report = r.id and v.seq = 1),
known as (select unit, year from expected union select unit, year from held),
both as (
  select k.unit, k.year, coalesce(e.source, '') as source, e.due, e.expected_by, coalesce(e.due, e.expected_by) as limit_day,
    coalesce(e.basis, '') as basis, e.absent_at, date(e.absent_at, '+8 hours') as absent_day, e.proved_at, coalesce(e.column_url, '') as column_url,
    coalesce(e.why, '') as why, h.report, h.first_seen, date(h.first_seen, '+8 hours') as seen_day, h.stated_date, h.backfill, h.backdated, h.gone
  from known k left join expected e on e.unit = k.unit and e.year = k.year left join held h on h.unit = k.unit and h.year = k.year and h.place = 1)
select u.region, b.unit, coalesce(nullif(u.full_name, ''), u.name) as name, u.type, b.year,
  case when b.gone then 'withdrawn'
    when b.report is null then case
      when b.absent_day > b.limit_day then 'missing' when b.limit_day < date('now', '+8 hours') then 'due_unseen' else 'not_due' end
    when b.limit_day is null then 'archived'
    when not b.backfill and b.seen_day <= b.limit_day then 'on_time'
    when b.stated_date > b.limit_day then 'late_stated'
    when b.backdated then 'backdated_suspect'
    when not b.backfill and b.absent_day > b.limit_day then 'late_seen'
    when b.stated_date is not null then 'on_time' else 'archived' end as state,
  b.report, b.stated_date, b.first_seen, b.due, b.expected_by, b.basis, b.source, b.absent_at, b.proved_at, b.column_url, b.why
from both b join unit u on u.id = b.unit
"""


def apply(db: Database) -> None:
    """Once, in one transaction. `overdue` reads `coverage` by its name and stays as it is."""
    db.execute("drop view coverage")
    db.execute(COVERAGE)
