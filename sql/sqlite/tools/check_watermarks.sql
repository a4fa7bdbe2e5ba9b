-- Watermarks that are out of order: rollups ahead of the totals, or ids that would be given again. For page-count check.
select count(*)
from   state
where  rolled_up_id > filed_id or rolling_up_id > filed_id
or     last_page_id < (select max(id) from page)
or     last_client_id < (select max(id) from text_client)
or     last_agent_id < (select max(id) from agent);
