-- Visits that have their ids, anywhere in the log. For import.
insert into log (id, page_id, client_id, agent_id) select a, b, c, d from bulk_rows(:rows);
