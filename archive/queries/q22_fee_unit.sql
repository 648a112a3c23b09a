-- q22 fee-unit
-- en: Which fees look like 元 in a column of 万元?
-- zh: 收费金额疑似把元填成万元。
-- parameter: above real: more than so many 万元 [100000]
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: fee: 万元
select region, unit_name as unit, scope, year, t2_fee_fee_amount as fee, report from wide_y2021_t2
where t2_fee_fee_amount > coalesce(:above, 100000) and (:region is null or region like :region || '%') and (:year is null or year = :year) order by fee desc, report
