-- Clients whose addresses are kept no longer, by their pseudonyms. One that is another client's already is left out.
with input(id, address) as (select a, blob from array_table(:rows))
update or ignore client set address = input.address from input where client.id = input.id;
