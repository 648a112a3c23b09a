-- q01 panel-core
-- en: The wide panel: a row a unit and year, over all forms.
-- zh: 各单位各年度的主要数据（跨表式的宽表）。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: requests_received, processed_total, granted, partial, denied: 件, empty where it is no number
select region, unit_name as unit, unit_type, scope, year, form_t3 as form, requests_received, processed_total, granted, partial, denied, report
from panel where (:region is null or region like :region || '%') and (:year is null or year = :year) order by region, unit, year, scope
