-- The site's hours by page as the log holds them. For page-count check.
select (v.id >> 20) / 3600000 as hour, v.page_id, count(*) as visits
from   visit v, state s
where  v.id <= s.rollup_watermark
group  by 1, 2
order  by 1, 2;
