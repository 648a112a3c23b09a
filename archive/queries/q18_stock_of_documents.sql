-- q18 stock-of-documents
-- en: Where do the normative documents in force not follow from those of the year before?
-- zh: 现行有效的行政规范性文件数与上年及本年制发、废止不符。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: before, issued, repealed, expected, stated: 件
select b.region, b.unit_name as unit, b.scope, b.year, a.t2_norm_in_force as before, b.t2_norm_issued as issued, b.t2_norm_repealed as repealed,
  a.t2_norm_in_force + b.t2_norm_issued - b.t2_norm_repealed as expected, b.t2_norm_in_force as stated, b.report
from wide_y2021_t2 b join wide_y2021_t2 a on a.chain = b.chain and a.scope = b.scope and a.year = b.year - 1
where a.t2_norm_in_force + b.t2_norm_issued - b.t2_norm_repealed <> b.t2_norm_in_force and (:region is null or b.region like :region || '%') and (:year is null or b.year = :year) order by b.region, unit, b.year
