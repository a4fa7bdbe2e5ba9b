-- The visits of each page's clients, and of the site's (page 0), as the log holds them. For page-count check.
select 0 as page_id, v.client_id, count(*) as visits
from   visit v, state s
where  v.id <= s.rollup_watermark
or     v.id <= s.rollup_target and (9223372036854775807, v.client_id) < (s.rollup_cursor_page, s.rollup_cursor_client)
group  by v.client_id
union all
select v.page_id, v.client_id, count(*)
from   visit v, state s
where  v.id <= s.rollup_watermark
or     v.id <= s.rollup_target and (v.page_id, v.client_id) < (s.rollup_cursor_page, s.rollup_cursor_client)
group  by v.page_id, v.client_id
order  by 1, 2;
