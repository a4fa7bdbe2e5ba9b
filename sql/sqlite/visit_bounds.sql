-- The log's ends, null where it is empty. For date_range.
select (select min(id) from visit) as oldest_id, (select max(id) from visit) as newest_id;
