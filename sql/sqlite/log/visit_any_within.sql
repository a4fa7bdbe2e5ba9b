-- Whether any id inside a range was given out. For import.
select exists (select 1 from visit where id >= :from_id and id < :before_id) as has_any;
