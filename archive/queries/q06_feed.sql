-- q06 feed
-- en: What happened since a time?
-- zh: 某时刻以来发生了什么？
-- parameter: since text: a date or time, UTC [everything]
-- parameter: kind text: only this kind of event
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: at: UTC
-- column: detail: JSON
select e.at, e.kind, coalesce(r.region, p.region) as region, coalesce(nullif(u.full_name, ''), u.name) as unit, r.year, r.title, e.detail, e.report, e.portal, e.url
from event e left join report r on r.id = e.report left join unit u on u.id = r.unit left join portal p on p.id = e.portal
where (:since is null or e.at > :since) and (:kind is null or e.kind = :kind)
  and (:region is null or coalesce(r.region, p.region) like :region || '%') and (:year is null or r.year = :year)
order by e.at, e.kind, e.report, e.url
