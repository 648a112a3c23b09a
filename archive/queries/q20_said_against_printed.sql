-- q20 said-against-printed
-- en: Where does the number of requests in the sentences differ from the table (new, or new and carried in)?
-- zh: 正文所述收到申请数与表格不一致。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: said, new_received, carried_in: 件
-- column: sentence: as printed
select p.region, p.unit_name as unit, p.scope, p.year, n.value as said, p.requests_received as new_received, p.requests_carried_in as carried_in, n.text as sentence, p.report
from panel p join number n on n.version = p.version and n.key = 'n_requests_received'
where n.value <> p.requests_received and n.value is not p.requests_received + p.requests_carried_in and (:region is null or p.region like :region || '%') and (:year is null or p.year = :year) order by p.region, unit, p.year
