-- q11 refusal-reasons
-- en: What share has each reason of refusal?
-- zh: 各项不予公开理由所占比例。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: requests: 件, of reports in which every reason is a number
-- column: percent: of all refusals of the year, %
with whole as (
  select version, year from panel where denied is not null and form_t3 is not null and scope in ('own', 'government_office') and (:region is null or region like :region || '%') and (:year is null or year = :year))
select w.year, substr(f.path, 4, length(f.path) - 9) as reason, sum(f.value) as requests,
  round(100.0 * sum(f.value) / nullif(sum(sum(f.value)) over (partition by w.year), 0), 2) as percent, count(*) as reports
from whole w join figure f on f.version = w.version and f.path >= 't3.denied_' and f.path < 't3.denied`' and f.path like '%.total'
group by w.year, reason order by w.year, requests desc, reason
