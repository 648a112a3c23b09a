-- q24 copy-paste
-- en: Which units repeat their report of the year before?
-- zh: 与本单位上一年度年报雷同的年报。
-- parameter: score real: at least so alike, 0 to 1 [0.9]
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: score: clauses in common of all clauses of the two, 0 to 1
-- column: shared: clauses in common
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, o.year as year_before, r.year, s.score, s.shared, s.clauses, r.id as report
from similarity s join report r on r.id = s.report join report o on o.id = s.other join unit u on u.id = r.unit
where s.kind = 'same_unit' and r.year = o.year + 1 and s.score >= coalesce(:score, 0.9) and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) order by s.score desc, r.id
