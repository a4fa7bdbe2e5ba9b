-- Pages that are visited for the first time.
with input(id, url) as (select a, text from array_table(:rows))
insert into page (id, url) select id, url from input;
