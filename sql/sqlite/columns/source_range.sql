-- The texts of some ids after each other. For attributes.
select id, name from source where id >= :from_id and id < :before_id order by id;
