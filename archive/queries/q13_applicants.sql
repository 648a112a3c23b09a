-- q13 applicants
-- en: Who asks: from which applicants do requests come?
-- zh: 申请人构成。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: requests: 件, of reports that print a number
-- column: unknown: reports that print none
select r.year, substr(f.path, 17) as applicant, sum(f.value) as requests, sum(f.value is null) as unknown
from report r join figure f on f.version = r.current and f.path >= 't3.new_received.' and f.path < 't3.new_received/' and f.path <> 't3.new_received.total'
where r.scope in ('own', 'government_office') and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) and f.path not like 't3.new_received.x\_%' escape '\'
group by r.year, applicant order by r.year, requests desc, applicant
