-- A user agent that cleanup left without a visit.
delete from agent_total where agent_id = :agent_id;
