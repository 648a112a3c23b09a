-- q29 provenance
-- en: Where does one number come from, down to the bytes?
-- zh: 一个数字的出处：文件、网址、存档位置。
-- parameter: report text!: the report's id
-- parameter: path text!: path of the figure, such as t3.granted.total
-- column: fetched_at: UTC
-- column: start, length: bytes in the WARC segment
select f.path, f.value, f.state, f.written, f.unit, f.form, v.seq, v.first_seen, v.document, s.url, c.fetched_at, c.sha256, c.media_type, c.segment, c.start, c.length
from report r join version v on v.id = r.current join figure f on f.version = v.id
left join sighting s on s.version = v.id and s.role = 'best' left join capture c on c.id = s.capture
where r.id = :report and f.path = :path order by s.document = v.document desc, s.first_seen, s.url limit 1
