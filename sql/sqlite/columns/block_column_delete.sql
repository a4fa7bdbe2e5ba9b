-- The columns of a block that is deleted.
delete from block_column where id >= :from_id and id < :before_id;
