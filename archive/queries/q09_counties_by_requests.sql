-- q09 counties-by-requests
-- en: Which counties received most requests in a year, from the reports of their units?
-- zh: 某年度各县收到的申请数量（各单位年报相加，不含全县汇总）。
-- parameter: year integer!: the report year
-- parameter: region text: only counties whose code begins with this
-- column: requests: 件, of the reports that print a number
-- column: reports, unknown: reports, those of them that print no number
select region, sum(requests_received) as requests, count(*) as reports, sum(requests_received is null) as unknown
from panel where year = :year and scope in ('own', 'government_office') and (:region is null or region like :region || '%')
group by region order by requests desc, region
