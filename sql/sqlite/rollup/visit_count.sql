-- How many visits lie behind an id, up to another. For rolling up, which waits for a whole set.
select count(*) from log v where v.id > :after_id and v.id <= :last_id;
