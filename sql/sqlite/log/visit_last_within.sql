-- The last id given out inside a range of ids. For import: the next free number of a millisecond.
select coalesce((select max(id) from visit where id >= :from_id and id < :before_id), 0) as last_id;
