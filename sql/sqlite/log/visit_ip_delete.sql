-- Addresses of visits whose client has an id now.
delete from visit_ip where id <= :last_id;
