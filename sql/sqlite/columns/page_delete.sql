-- Pages that no visit refers to any more.
with input(id) as (select a from array_table(:rows))
delete from page where id in (select id from input);
