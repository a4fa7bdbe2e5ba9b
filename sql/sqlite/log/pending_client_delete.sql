-- Addresses of visits whose client has an id now.
delete from pending_client where visit_id <= :last_id;
