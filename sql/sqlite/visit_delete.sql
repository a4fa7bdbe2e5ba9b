-- Cleanup: visits that have been taken out of the rollups.
delete from visit where id in (select a from bulk_rows(:rows));
