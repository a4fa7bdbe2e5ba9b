-- A source's id. For questions that ask for one.
select id from source where name = :name;
