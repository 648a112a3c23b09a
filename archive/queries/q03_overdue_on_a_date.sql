-- q03 overdue-on-a-date
-- en: Which reports were overdue on a date: the last day by law had passed, the unit's column was read whole after it, nothing was archived?
-- zh: 某日逾期未公布的年报：法定期限已过、期限后完整读取过栏目、仍未归档。
-- parameter: date text: the day in China, such as 2026-02-05 [today]
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: due: last day by law
-- column: proved_at: UTC, the reading that proved it
select u.region, coalesce(nullif(u.full_name, ''), u.name) as unit, u.type, e.year, e.due, e.source, e.proved_at, e.column_url
from expected e join unit u on u.id = e.unit
where e.due < coalesce(:date, date('now', '+8 hours')) and date(e.proved_at, '+8 hours') <= coalesce(:date, date('now', '+8 hours'))
  and not exists (select 1 from report r join unit o on o.id = r.unit where o.chain = e.unit and r.year = e.year
    and date(r.first_seen, '+8 hours') <= coalesce(:date, date('now', '+8 hours')))
  and (:region is null or u.region like :region || '%') and (:year is null or e.year = :year)
order by u.region, unit, e.year
