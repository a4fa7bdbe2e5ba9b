-- Cleanup: visits that have been taken out of the rollups.
delete from visit where id >= :from_id and id <= :last_id;
