-- q25 rollup
-- en: Does the whole government's report agree with the sum of its units' reports?
-- zh: 全县汇总与各单位之和是否一致？
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: stated, summed: 件; summed is of the units that print a number
-- column: units, unknown: reports of units, those that print none
select g.region, g.year, g.requests_received as stated, sum(p.requests_received) as summed, count(p.report) as units,
  sum(p.report is not null and p.requests_received is null) as unknown, g.report
from panel g left join panel p on p.region = g.region and p.year = g.year and p.scope in ('own', 'government_office')
where g.scope = 'whole_government' and (:region is null or g.region like :region || '%') and (:year is null or g.year = :year) group by g.report order by g.region, g.year
