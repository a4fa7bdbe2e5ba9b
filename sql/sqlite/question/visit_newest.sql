-- The newest visits inside a window, in full. For recent_visits of /stats and /summary.
select v.id, p.url, v.ip, a.name as user_agent
from   visit_ip v join page p on p.id = v.page_id join agent a on a.id = v.agent_id
where  v.id >= :from_id
order  by v.id desc
limit  :limit;
