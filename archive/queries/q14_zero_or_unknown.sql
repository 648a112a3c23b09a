-- q14 zero-or-unknown
-- en: How many reports say that no request came, and of how many is it unknown?
-- zh: 明确为零与未知（空白、短横、未印等）各占多少？
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: reports, zero, more, blank, dash, other: reports (other: unreadable, ambiguous)
-- column: not_printed: reports without the figure; zero_share: of all, 0 to 1
select p.year, count(*) as reports, sum(p.requests_received = 0) as zero, sum(p.requests_received > 0) as more,
  sum(s.requests_received = 'blank') as blank, sum(s.requests_received = 'dash') as dash,
  sum(s.requests_received in ('unreadable', 'ambiguous')) as other, sum(s.requests_received in ('not_printed', 'no_equivalent')) as not_printed,
  1.0 * sum(p.requests_received is 0) / count(*) as zero_share
from panel p join panel_state s on s.report = p.report where (:region is null or p.region like :region || '%') and (:year is null or p.year = :year) group by p.year order by p.year
