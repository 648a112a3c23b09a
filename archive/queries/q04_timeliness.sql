-- q04 timeliness
-- en: Were reports on time, by when they were first seen and by the date that the site states?
-- zh: 年报是否按时公布：按首次发现时间与按网站标注日期分别统计。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: reports: reports for which a last day by law is known
-- column: on_time_stated, stated: those stated in time, of those with a stated date
-- column: on_time_seen, seen: those seen in time, of those whose appearance was watched (not there at the first crawl)
select c.type as unit_type, c.year, count(*) as reports, sum(c.stated_date <= c.due) as on_time_stated, count(c.stated_date) as stated,
  sum(date(c.first_seen, '+8 hours') <= c.due and not b.backfill) as on_time_seen, sum(not b.backfill) as seen
from coverage c join (select id, exists (select 1 from event e where e.report = report.id and e.kind = 'backfill') as backfill from report) b on b.id = c.report
where c.due is not null and (:region is null or c.region like :region || '%') and (:year is null or c.year = :year) group by c.type, c.year order by c.type, c.year
