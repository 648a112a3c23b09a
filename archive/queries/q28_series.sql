-- q28 series
-- en: One series over the breaks between the forms, by the crosswalk.
-- zh: 跨表式的时间序列（对照表）。
-- parameter: concept text: as in the table `crosswalk` [requests_received]
-- parameter: unit text: only units whose name holds this
-- parameter: region text: only counties whose code begins with this
-- column: value: in `value_unit`; empty unless every part is a number
-- column: said: the number in the sentences, for reports without the table (requests_received only), 件
with parts as (
  select r.id as report, x.form, x.unit as value_unit, x.note, count(*) as parts, count(f.value) as known, sum(f.value) as total
  from report r join crosswalk x on x.concept = coalesce(:concept, 'requests_received') and x.comparable
  join figure f on f.version = r.current and f.path = x.path and f.form = x.form group by r.id, x.form),
needed as (select form, count(*) as parts from crosswalk where concept = coalesce(:concept, 'requests_received') and comparable group by form)
select r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, u.chain, r.scope, r.year, p.form,
  case when p.known = n.parts then p.total end as value, p.value_unit,
  case when p.report is null and coalesce(:concept, 'requests_received') = 'requests_received' then (
    select s.value from number s where s.version = r.current and s.key = 'n_requests_received') end as said,
  p.note, r.id as report
from report r join unit u on u.id = r.unit left join parts p on p.report = r.id left join needed n on n.form = p.form
where (:unit is null or u.name like '%' || :unit || '%' or u.full_name like '%' || :unit || '%') and (:region is null or r.region like :region || '%')
order by r.region, u.chain, r.scope, r.year
