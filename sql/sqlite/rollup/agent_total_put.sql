-- User agents with the visits that they have after rolling up or cleaning up.
insert or replace into agent_total (agent_id, visits) select a, b from bulk_rows(:rows);
