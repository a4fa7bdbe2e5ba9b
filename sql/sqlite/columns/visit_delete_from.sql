-- Cleanup of the newest visits: those that are not sealed.
delete from visit where id >= :from_id;
