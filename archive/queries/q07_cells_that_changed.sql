-- q07 cells-that-changed
-- en: Which cells differ between two versions of a report?
-- zh: 同一份年报两个版本之间哪些单元格不同？
-- parameter: report text!: the report's id, as `nianbao news` prints it
-- parameter: from integer: number of the older version [the last but one]
-- parameter: to integer: number of the newer version [the last]
-- column: old, new: as printed; empty and its state where nothing is printed
with pair as (
  select (select n from version v where v.report = r.id and v.seq = coalesce(:from, (select max(seq) - 1 from version x where x.report = r.id))) as a,
    (select n from version v where v.report = r.id and v.seq = coalesce(:to, (select max(seq) from version x where x.report = r.id))) as b
  from report r where r.id = :report),
paths as (select f.path from version_figure f join pair on f.version_n = pair.a union select f.path from version_figure f join pair on f.version_n = pair.b)
select p.path, o.written as old, coalesce(o.state, 'not_printed') as old_state, n.written as new, coalesce(n.state, 'not_printed') as new_state
from paths p join pair left join version_figure o on o.version_n = pair.a and o.path = p.path left join version_figure n on n.version_n = pair.b and n.path = p.path
where pair.a is not null and (o.value is not n.value or o.state is not n.state) order by p.path
