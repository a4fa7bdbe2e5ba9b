-- Visits, anywhere in the log. One whose id is 0 gets the one after the last, and takes no search for its place.
with input(id, page_id, client_id, agent_id) as (select a, b, c, d from array_table(:rows))
insert into visit (id, page_id, client_id, agent_id) select nullif(id, 0), page_id, client_id, agent_id from input;
