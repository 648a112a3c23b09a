-- q26 wrong-form
-- en: Which reports use the form of other years?
-- zh: 使用了不属于该年度表式的年报。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: form_t2, form_t3: the form that is printed
-- column: demanded: the form for the year
select region, unit_name as unit, scope, year, form_t2, form_t3, form_t2014, demanded, report from (
  select *, case when year >= 2021 then 'y2021' when year >= 2019 then 'y2019' when year >= 2014 then 'y2014' end as demanded from panel)
where (demanded in ('y2021', 'y2019') and (form_t2 <> demanded or form_t3 <> demanded or form_t2014 is not null)
  or demanded = 'y2014' and (form_t2 is not null or form_t3 is not null)) and (:region is null or region like :region || '%') and (:year is null or year = :year) order by region, unit, year
