-- The rollups count the log up to this id.
update state set rolled_up_id = :rolled_up_id;
