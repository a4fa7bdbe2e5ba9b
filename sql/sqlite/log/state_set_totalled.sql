-- How far the pages' totals count the log.
update state set filed_id = :totalled_id;
