-- q17 carry-mismatch
-- en: Where does what was carried in differ from what the year before carried out?
-- zh: 上年结转与上一年度结转下年度不一致。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: carried_out_before, carried_in: 件
select b.region, b.unit_name as unit, b.scope, b.year, a.requests_carried_out as carried_out_before, b.requests_carried_in as carried_in, b.report
from panel b join panel a on a.chain = b.chain and a.scope = b.scope and a.year = b.year - 1
where a.requests_carried_out <> b.requests_carried_in and (:region is null or b.region like :region || '%') and (:year is null or b.year = :year) order by b.region, unit, b.year
