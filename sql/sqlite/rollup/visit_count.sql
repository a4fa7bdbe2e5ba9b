-- How many visits lie after an id, up to another. For rolling up, which waits for a whole set.
select count(*) from log v where v.id > :after_id and v.id <= :last_id;
