-- Cleanup of the newest visits: the addresses of those whose client has no id yet.
delete from pending_client where visit_id >= :from_id;
