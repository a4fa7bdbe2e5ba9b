-- Cleanup: visits that have been taken out of the rollups.
with input(id, page_id, client_id, agent_id) as (select a, b, c, d from array_table(:rows))
delete from visit where id in (select id from input);
