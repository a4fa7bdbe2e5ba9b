-- The tail in the order of time. For filing, and for every answer that must be exact.
select id, url, ip, user_agent from tail order by id limit :limit;
