-- One column of a new block.
insert into block_column (id, codes) values (:id, cast(:codes as blob));
