-- q16 broken-identities
-- en: Which reports break the form's own printed identity?
-- zh: 哪些年报不符合表内勾稽关系？
-- parameter: check text: the identity, such as T3.BAL [T3.BAL]
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: expected, found: numbers as printed
-- column: verdict: confirmed, dismissed, stale, or nothing said
select c.report, c.year, c.id as "check", c.scope, c.expected, c.found, c.severity, c.verdict
from checks c where c.id = coalesce(:check, 'T3.BAL') and c.result = 'fail' and (:region is null or c.region like :region || '%') and (:year is null or c.year = :year) order by c.report, c.scope
