-- Watermarks that are out of order: rollups ahead of the totals, or ids that would be given again. For page-count check.
select count(*) as differences
from   state
where  rollup_watermark > totals_watermark or rollup_target > totals_watermark
or     last_page_id < (select max(id) from page)
or     last_client_id < (select max(id) from client)
or     last_agent_id < (select max(id) from agent);
