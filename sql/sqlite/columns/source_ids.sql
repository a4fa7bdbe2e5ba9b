-- Every source that has a row. For cleanup.
select id from source order by id;
