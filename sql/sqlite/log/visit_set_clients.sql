-- Gives visits their clients' ids.
with input(id, page_id, client_id, agent_id) as (select a, b, c, d from array_table(:rows))
update visit set client_id = input.client_id from input where visit.id = input.id;
