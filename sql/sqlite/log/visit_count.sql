-- How many visits lie after an id, up to another. For sealing, which waits for a whole block.
select count(*) as visits from visit where id > :after_id and id <= :last_id;
