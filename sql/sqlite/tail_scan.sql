-- A page of the tail, newest first. For /all-visits, which goes on from the last id it got.
select id, url, ip, user_agent
from   tail
where  id >= :from_id and id < :before_id
order  by id desc
limit  :limit offset :offset;
