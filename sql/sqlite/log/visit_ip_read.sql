-- The addresses of visits whose client has no id yet, in the order of time. For counting.
select id, ip from visit_ip where id <= :last_id order by id;
