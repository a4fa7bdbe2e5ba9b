-- User agents that no visit refers to any more.
with input(id) as (select a from array_table(:rows))
delete from agent where id in (select id from input);
