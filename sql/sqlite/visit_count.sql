-- How many visits lie behind an id, up to another. For rolling up, which waits for a whole set.
select count(*) from log where id > :after_id and id <= :last_id;
