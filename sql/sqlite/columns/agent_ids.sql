-- Every user agent that has a row. For cleanup.
select id from agent order by id;
