-- Cleanup of the newest visits: those that no total counts yet.
delete from visit where id >= :from_id;
