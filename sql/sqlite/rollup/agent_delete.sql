-- A user agent that cleanup left without a visit.
delete from agent where id = :agent_id;
