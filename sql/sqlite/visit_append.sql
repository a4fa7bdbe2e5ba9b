-- Visits behind all others. One whose id is 0 gets the next one, and takes no search for its place. For recording.
insert into log (id, page_id, client_id, agent_id) select nullif(a, 0), b, c, d from bulk_rows(:rows);
