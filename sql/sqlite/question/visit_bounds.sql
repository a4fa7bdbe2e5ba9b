-- The log's ends, null if it is empty. For the date range of /summary, and the hours of /stats/<url>.
select (select min(id) from visit) as oldest_id, (select max(id) from visit) as newest_id;
