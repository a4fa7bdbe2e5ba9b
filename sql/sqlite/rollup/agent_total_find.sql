-- A user agent's visits. For rolling up and cleanup.
select visits from agent_total where agent_id = :agent_id;
