-- The log's ends, null where it is empty. For date_range.
select coalesce((select min(id) from visit), (select min(id) from tail)) as oldest_id,
       coalesce((select max(id) from tail), (select max(id) from visit)) as newest_id;
