-- The addresses of clients: which row, and its address. For scans, which read many.
with input(row, id) as (select rowid, a from array_table(:rows))
select input.row, client.address from input cross join client on client.id = input.id;
