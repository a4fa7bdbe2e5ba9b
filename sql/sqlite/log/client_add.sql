-- Clients on their first visit.
with input(id, ip) as (select a, text from array_table(:rows))
insert into client (id, ip) select id, ip from input;
