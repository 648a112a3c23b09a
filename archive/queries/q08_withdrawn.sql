-- q08 withdrawn
-- en: Which reports were withdrawn, and how long were they online?
-- zh: 哪些年报被撤下，在线多久？
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: first_seen, withdrawn_at, restored_at: UTC
-- column: days: between the first capture and the proof that it was gone
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, r.year, r.first_seen, e.at as withdrawn_at,
  round(julianday(e.at) - julianday(r.first_seen), 1) as days,
  (select min(b.at) from event b where b.report = r.id and b.kind = 'restored' and b.at > e.at) as restored_at, r.id as report
from event e join report r on r.id = e.report join unit u on u.id = r.unit
where e.kind = 'withdrawn' and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) order by r.region, unit, r.year, e.at
