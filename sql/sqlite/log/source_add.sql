-- Sources on the first visit from there.
with input(id, name) as (select a, text from array_table(:rows))
insert into source (id, name) select id, name from input;
