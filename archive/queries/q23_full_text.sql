-- q23 full-text
-- en: Which reports hold these words?
-- zh: 全文检索。
-- parameter: words text!: words, all of which must occur; a phrase in quotes is one word
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: newest years first
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, r.year, r.title, r.id as report
from report_fts f cross join report r on r.in_order = f.rowid join unit u on u.id = r.unit
where f.report_fts match '{title text} : (' || escape_fts(:words) || ')' and (:region is null or r.region like :region || '%') and (:year is null or r.year = :year) order by f.rowid desc
