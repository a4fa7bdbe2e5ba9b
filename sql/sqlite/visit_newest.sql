-- The newest filed visits inside a window, in full. For recent_visits of /stats and /summary.
select v.id, p.url, c.ip, a.name
from   visit v join page p on p.id = v.page_id join client c on c.id = v.client_id join agent a on a.id = v.agent_id
where  v.id >= :from_id
order  by v.id desc
limit  :limit;
