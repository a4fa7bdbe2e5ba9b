-- Remembers a visit's request id, perhaps in place of one that has expired.
insert or replace into request_id (hash, visit_id) values (cast(:hash as blob), :visit_id);
