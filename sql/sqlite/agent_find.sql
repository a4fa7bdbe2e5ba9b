-- A user agent's id. For recording.
select id from agent where name = :name;
