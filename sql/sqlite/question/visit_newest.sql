-- The newest rows of the tail in a range. For newest visits, /all-visits and page-count export.
select id, page_id, agent_id, source_id, ip from visit where id >= :from_id and id < :before_id order by id desc;
