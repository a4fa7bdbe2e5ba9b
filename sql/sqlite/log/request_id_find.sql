-- The visit that was recorded with a request id.
select visit_id from request_id where hash = cast(:hash as blob);
