-- Every client that has a row. For cleanup.
select id from client order by id;
