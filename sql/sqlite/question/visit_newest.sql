-- The newest visits inside a window, in full. For recent_visits of /stats and /summary.
select v.id, p.url,
       case when v.client_id > 4294967296 then (select ip from text_client where id = v.client_id)
            when v.client_id = 0 then (select ip from visit_ip where id = v.id)
            else v.client_id
       end as ip,
       a.name
from   log v join page p on p.id = v.page_id join agent a on a.id = v.agent_id
where  v.id >= :from_id
order  by v.id desc
limit  :limit;
