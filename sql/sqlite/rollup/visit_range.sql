-- A range of the log in the order of time. For what no rollup counts, rolling up, cleanup, import.
select id, page_id, client_id, agent_id
from   visit
where  id >= :from_id and id < :before_id
order  by id
limit  :limit;
