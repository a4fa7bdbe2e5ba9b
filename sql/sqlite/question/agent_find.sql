-- A user agent's id. For questions that ask for one.
select id from agent where name = :name;
