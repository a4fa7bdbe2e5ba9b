-- Visits of the tail that refer to a page, user agent or source that is not there. For page-count check.
select count(*) as differences
from   visit v
where  v.id > (select sealed_watermark from state)
and   (not exists (select 1 from page p where p.id = v.page_id) or not exists (select 1 from agent a where a.id = v.agent_id)
       or (v.source_id <> 0 and not exists (select 1 from source s where s.id = v.source_id)));
