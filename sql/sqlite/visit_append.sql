-- Appends visits to the log. One without an id gets the next one, and takes no search for its place.
insert into log (id, page_id, client_id, agent_id) select nullif(a, 0), b, c, d from bulk_rows(:rows);
