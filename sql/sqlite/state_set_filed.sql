-- Every visit up to this id is in visit.
update state set filed_id = :filed_id;
