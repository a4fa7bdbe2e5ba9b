-- A user agent's name. For /summary and /stats/<url>, which count by id.
select name from agent where id = :agent_id;
