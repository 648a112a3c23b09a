-- q15 backlog
-- en: What share of a year's requests is carried over?
-- zh: 结转下年度的比例。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: backlog: 0 to 1; only where the three numbers are printed and there were requests
select region, unit_name as unit, scope, year, requests_received, requests_carried_in, requests_carried_out,
  1.0 * requests_carried_out / (requests_received + requests_carried_in) as backlog, report
from panel where requests_carried_out is not null and requests_received + requests_carried_in > 0 and (:region is null or region like :region || '%') and (:year is null or year = :year) order by backlog desc, report
