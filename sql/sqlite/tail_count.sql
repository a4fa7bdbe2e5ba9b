-- How many visits of a stretch are in the tail. For /all-visits, which skips some.
select count(*) from tail where id >= :from_id and id < :before_id;
