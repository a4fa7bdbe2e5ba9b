-- Where the rollups stand.
select rolled_up_id, newest_id, dictionary_epoch from state;
