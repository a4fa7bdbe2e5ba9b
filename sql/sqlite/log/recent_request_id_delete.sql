-- Those that have been moved, but for the newest.
delete from recent_request_id where number < :last_number;
