-- Visits, anywhere in the log. One whose id is 0 gets the one after the last, and takes no search for its place.
insert into log (id, page_id, client_id, agent_id) select nullif(a, 0), b, c, d from bulk_rows(:rows);
