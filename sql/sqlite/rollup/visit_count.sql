-- How many visits lie after an id, up to another. For rolling up, which waits for a whole batch, and the tools.
select count(*) as visits from visit where id > :after_id and id <= :last_id;
