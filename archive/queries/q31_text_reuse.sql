-- q31 text-reuse
-- en: Which reports of different units are alike in their sentences?
-- zh: 不同单位之间雷同的年报。
-- parameter: score real: at least so alike, 0 to 1 [0.8]
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: score: clauses in common of all clauses of the two, 0 to 1
-- column: shared: clauses in common
select s.report, s.other, s.score, s.shared, s.clauses, s.other_clauses
from similarity s join report r on r.id = s.report
where s.kind = 'other_unit' and s.score >= coalesce(:score, 0.8) and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year)
  and (s.report > s.other or not exists (select 1 from similarity x where x.report = s.other and x.other = s.report))
order by s.score desc, s.report, s.other
