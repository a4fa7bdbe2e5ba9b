-- Visits at the end of the tail. One whose id is 0 gets the one after the last, and takes no search for its place.
with input(id, page_id, agent_id, source_id, ip) as (select a, b, c, d, text from array_table(:rows))
insert into visit (id, page_id, agent_id, source_id, ip)
select nullif(id, 0), page_id, agent_id, source_id, ip from input;
