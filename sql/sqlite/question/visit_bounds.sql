-- The log's ends, null where it is empty. For date_range.
select (select min(id) from log) as oldest_id, (select max(id) from log) as newest_id;
