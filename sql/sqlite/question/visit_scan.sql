-- A chunk of the log, newest first, in full. For /all-visits and page-count export, which go on from the last id.
select v.id, p.url, v.ip, a.name as user_agent
from   visit_ip v join page p on p.id = v.page_id join agent a on a.id = v.agent_id
where  v.id >= :from_id and v.id < :before_id
order  by v.id desc
limit  :limit offset :offset;
