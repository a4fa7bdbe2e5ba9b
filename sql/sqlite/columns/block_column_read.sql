-- One column of a block.
select codes from block_column where id = :id;
