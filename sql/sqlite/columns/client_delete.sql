-- Clients that no visit is of any more.
with input(id) as (select a from array_table(:rows))
delete from client where id in (select id from input);
