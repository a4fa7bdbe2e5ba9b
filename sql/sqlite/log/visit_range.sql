-- A range of the tail in the order of time. For sealing, and for figures before that.
select id, page_id, agent_id, source_id, ip from visit where id >= :from_id and id < :before_id order by id limit :limit;
