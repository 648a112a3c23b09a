-- q02 coverage-by-county
-- en: How many of the reports that ought to be there are archived, by county and year?
-- zh: 各县各年度应公布多少份年报，已归档多少份？
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: expected, archived, missing, unknown: reports (one a unit)
-- column: percent: archived of expected, %
select region, year, count(*) as expected, count(report) as archived, sum(state = 'missing') as missing,
  sum(report is null and state <> 'missing') as unknown, round(100.0 * count(report) / count(*), 1) as percent
from coverage where (:region is null or region like :region || '%') and (:year is null or year = :year) group by region, year order by region, year
