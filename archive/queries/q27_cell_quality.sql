-- q27 cell-quality
-- en: How many cells have which state, by county?
-- zh: 各县单元格的读取状态。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: cells: cells of current versions
-- column: percent: of the county's cells, %
select r.region, f.state, count(*) as cells, round(100.0 * count(*) / sum(count(*)) over (partition by r.region), 2) as percent
from report r join figure f on f.version = r.current where (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) group by r.region, f.state order by r.region, cells desc, f.state
