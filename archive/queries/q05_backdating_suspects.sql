-- q05 backdating-suspects
-- en: Which reports state a date at which their column was read without them?
-- zh: 标注日期早于实际上线的年报（倒签嫌疑）。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: stated_date: as the page states it
-- column: first_seen, at: UTC
-- column: detail: JSON, the reading without it
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, r.year, v.stated_date, r.first_seen, e.at, e.detail, r.id as report
from event e join report r on r.id = e.report join unit u on u.id = r.unit join version v on v.report = r.id and v.seq = 1
where e.kind = 'backdated_suspect' and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) order by r.region, unit, r.year
