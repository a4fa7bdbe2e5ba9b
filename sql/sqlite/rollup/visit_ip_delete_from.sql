-- Their addresses.
delete from visit_ip where id >= :from_id;
