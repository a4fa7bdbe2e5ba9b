-- Cleanup of the newest visits: those that nothing counts yet.
delete from log where id >= :from_id;
