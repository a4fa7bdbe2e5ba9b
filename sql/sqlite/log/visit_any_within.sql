-- Whether any id inside a range was given out. For import.
select exists (select 1 from log where id >= :from_id and id < :before_id);
