-- User agents with the visits that they have after rolling up or cleaning up.
with input(agent_id, visits) as (select a, b from array_table(:rows))
insert or replace into agent_total (agent_id, visits) select agent_id, visits from input;
