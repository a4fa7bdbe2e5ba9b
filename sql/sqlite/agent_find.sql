-- A user agent's id. For what is not filed yet.
select id from agent where name = :name;
