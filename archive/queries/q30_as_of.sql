-- q30 as-of
-- en: The archive as it stood on a date, to be cited: which version of each report was known?
-- zh: 某日归档状态：当日所知的各年报版本。
-- parameter: date text!: a day in China, such as 2026-01-31
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: seq: number of the version
-- column: first_seen: UTC
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, r.scope, r.year, v.seq, v.id as version, v.first_seen, v.title, r.id as report
from report r join unit u on u.id = r.unit join version v on v.report = r.id
where date(v.first_seen, '+8 hours') <= :date and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year)
  and not exists (select 1 from version w where w.report = r.id and w.seq > v.seq and date(w.first_seen, '+8 hours') <= :date)
order by r.region, unit, r.year, r.scope
