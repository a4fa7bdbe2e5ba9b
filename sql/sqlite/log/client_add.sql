-- Clients on their first sealed visit.
with input(id, address) as (select a, blob from array_table(:rows))
insert into client (id, address) select id, address from input;
