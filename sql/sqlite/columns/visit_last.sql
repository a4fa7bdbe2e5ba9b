-- The newest visit's id, or 0. For giving new visits the clock's time again.
select max(coalesce((select max(id) from visit), 0), coalesce((select max(last_id) from block), 0)) as last_id;
