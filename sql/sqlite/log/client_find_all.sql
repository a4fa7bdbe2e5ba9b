-- Clients by text: which row, and its id. For counting and import.
with input(row, ip) as (select rowid, text from array_table(:rows))
select input.row, client.id from input cross join client on client.ip = input.ip;
