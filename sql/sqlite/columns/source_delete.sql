-- Sources that no visit comes from any more.
with input(id) as (select a from array_table(:rows))
delete from source where id in (select id from input);
