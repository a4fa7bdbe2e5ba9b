-- User agents on their first visit.
with input(id, name) as (select a, text from array_table(:rows))
insert into agent (id, name) select id, name from input;
