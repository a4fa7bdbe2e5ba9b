-- Visits that were filed.
delete from tail where id <= :last_id;
