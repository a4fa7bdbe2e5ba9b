-- Cleanup: visits that have been taken out of the rollups.
delete from log where id in (select a from bulk_rows(:rows));
