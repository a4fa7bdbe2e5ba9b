-- How far page_clients holds the clients of sealed visits.
update state set clients_watermark = :clients_watermark, clients_target = :clients_target, clients_cursor = :clients_cursor;
