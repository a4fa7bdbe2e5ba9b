-- Visits on the wrong side of the border between the filed log and its tail. For page-count check.
select (select count(*) from visit where id > (select filed_id from state))
     + (select count(*) from tail where id <= (select filed_id from state));
