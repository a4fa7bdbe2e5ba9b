-- Visits that refer to a page, client or user agent that is not there. For page-count check.
select count(*)
from   visit v
where  not exists (select 1 from page p where p.id = v.page_id)
or     v.client_id < 1
or     v.client_id > 4294967296 and not exists (select 1 from text_client c where c.id = v.client_id)
or     not exists (select 1 from agent a where a.id = v.agent_id);
