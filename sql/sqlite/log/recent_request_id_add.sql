-- Remembers the request id of a visit that is being recorded.
insert into recent_request_id (hash, visit_id) values (cast(:hash as blob), :visit_id);
