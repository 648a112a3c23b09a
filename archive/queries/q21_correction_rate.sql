-- q21 correction-rate
-- en: What share of administrative reviews ended in a correction, and how many lawsuits were there, by year?
-- zh: 行政复议纠错率与行政诉讼数。
-- parameter: region text: only counties whose code begins with this
-- parameter: year integer: only this report year
-- column: rate: 0 to 1, over reports that print both numbers
-- column: reviews, corrected, lawsuits: 件
-- column: reports, lawsuits_known: reports that print the numbers
select year, sum(review_total) filter (where review_corrected is not null) as reviews, sum(review_corrected) filter (where review_total is not null) as corrected,
  1.0 * sum(review_corrected) filter (where review_total is not null) / nullif(sum(review_total) filter (where review_corrected is not null), 0) as rate,
  sum(review_total + review_corrected is not null) as reports, sum(litigation_total) as lawsuits, count(litigation_total) as lawsuits_known
from panel where scope in ('own', 'government_office') and (:region is null or region like :region || '%') and (:year is null or year = :year) group by year order by year
