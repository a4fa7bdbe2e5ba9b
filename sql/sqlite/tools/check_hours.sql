-- Every page's hours as the log holds them. For page-count check.
select (v.id >> 20) / 3600000 as hour, v.page_id, v.agent_id, count(*) as visits
from   visit v, state s
where  v.id <= s.rollup_watermark
or     v.id <= s.rollup_target and (v.page_id, v.client_id) < (s.rollup_cursor_page, s.rollup_cursor_client)
group  by 1, 2, 3
order  by 1, 2, 3;
