-- The newest visits of one page inside a stretch. For recent_visits of /stats/<url>.
select v.id,
       case when v.client_id > 4294967296 then (select ip from text_client where id = v.client_id)
            when v.client_id = 0 then (select ip from visit_ip where id = v.id)
            else v.client_id
       end as ip,
       a.name
from   log v join agent a on a.id = v.agent_id
where  v.id >= :from_id and v.id < :before_id and v.page_id = :page_id
order  by v.id desc
limit  :limit;
