-- Forgets request ids of a part of the table whose visits are old.
delete from request_id
where hash > cast(:after_hash as blob) and hash <= cast(:last_hash as blob) and visit_id < :before_id;
