-- A stretch of the log in the order of time. For an hour's piece, rolling up, cleanup.
select id, page_id, client_id, agent_id
from   log
where  id >= :from_id and id < :before_id
order  by id
limit  :limit;
