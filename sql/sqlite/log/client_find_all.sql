-- Clients by address: which row, and its id. For sealing, import, and figures before that.
with input(row, address) as (select rowid, blob from array_table(:rows))
select input.row, client.id from input cross join client on client.address = input.address;
