-- Every page that has a row. For cleanup, which looks for those that no visit refers to.
select id from page order by id;
