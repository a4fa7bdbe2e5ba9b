-- The ends of all visits, null if there is none. For the date range of /summary.
with bounds(id) as (
  select min(first_id) from block
  union all select max(last_id) from block
  union all select min(id) from visit where id > (select sealed_watermark from state)
  union all select max(id) from visit where id > (select sealed_watermark from state))
select min(id) as oldest_id, max(id) as newest_id from bounds;
