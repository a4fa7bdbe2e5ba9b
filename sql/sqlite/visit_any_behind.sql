-- Whether more than so many visits lie behind an id. For rolling up, which waits for a whole set.
select exists (select 1 from log where id > :after_id limit 1 offset :visits);
