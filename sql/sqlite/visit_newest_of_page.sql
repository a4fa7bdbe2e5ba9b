-- The newest filed visits of one page inside a stretch. For recent_visits of /stats/<url>.
select v.id, c.ip, a.name
from   visit v join client c on c.id = v.client_id join agent a on a.id = v.agent_id
where  v.id >= :from_id and v.id < :before_id and v.page_id = :page_id
order  by v.id desc
limit  :limit;
