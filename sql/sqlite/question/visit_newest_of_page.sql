-- The newest visits of one page inside a range. For recent_visits of /stats/<url>.
select v.id, v.ip, a.name as user_agent
from   visit_ip v join agent a on a.id = v.agent_id
where  v.id >= :from_id and v.id < :before_id and v.page_id = :page_id
order  by v.id desc
limit  :limit;
