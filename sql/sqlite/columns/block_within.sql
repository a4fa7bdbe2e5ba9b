-- The blocks that may hold visits of a range, in the order of time. A row a block.
select id, first_id, last_id, visits from block where last_id >= :from_id and first_id < :before_id order by first_id;
