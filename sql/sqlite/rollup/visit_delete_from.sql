-- Cleanup of the newest visits: those that nothing counts yet.
delete from visit where id >= :from_id;
