-- q10 disclosure-rate
-- en: What share of the requests dealt with was granted, wholly or in part, by type of unit and year?
-- zh: 各类单位各年度的公开率（予以公开与部分公开之和占办理总数）。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: rate: 0 to 1
-- column: granted, processed: 件
-- column: reports, left_out: reports that print all three numbers, and those that do not
select unit_type, year, sum(granted + partial) filter (where known) as granted, sum(processed_total) filter (where known) as processed,
  1.0 * sum(granted + partial) filter (where known) / nullif(sum(processed_total) filter (where known), 0) as rate,
  sum(known) as reports, sum(not known) as left_out
from (select *, granted + partial + processed_total is not null as known from panel where scope in ('own', 'government_office') and (:region is null or region like :region || '%') and (:year is null or year = :year))
group by unit_type, year order by unit_type, year
