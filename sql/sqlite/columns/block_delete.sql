-- A block whose visits are gone, or in another one.
delete from block where id = :id;
