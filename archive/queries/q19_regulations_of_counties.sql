-- q19 regulations-of-counties
-- en: Which units below a city claim to have made 规章?
-- zh: 县级及以下单位填报了规章。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: value: 件
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, u.type as unit_type, r.year, f.path, f.value, r.id as report
from report r join unit u on u.id = r.unit join figure f on f.version = r.current and f.path > 't2.regulations.' and f.path < 't2.regulations/'
where f.value > 0 and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) order by r.region, unit, r.year, f.path
