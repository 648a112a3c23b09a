"""The view that `nianbao status` prints, over what the two before it store."""

from __future__ import annotations

from sqlite_utils import Database

# One row a portal: what `nianbao status` prints, for Datasette and SQL. Times are UTC, next_due is a date in China.
STATUS = """
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


def apply(db: Database) -> None:
    """Once, in one transaction."""
    db.execute(STATUS)
