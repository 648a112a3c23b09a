-- q12 not-held-share
-- en: What share of its requests did a unit answer with not held?
-- zh: 各单位以不掌握相关信息答复的比例。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: share: 0 to 1; only where both numbers are printed and something was dealt with
select region, unit_name as unit, scope, year, not_held, processed_total, 1.0 * not_held / processed_total as share, report
from panel where not_held is not null and processed_total > 0 and (:region is null or region like :region || '%') and (:year is null or year = :year) order by share desc, report
