-- Parts of pages' lists of clients, as they are after rolling up or cleaning up.
with input(id, clients) as (select a, blob from array_table(:rows))
insert or replace into page_clients (id, clients) select id, clients from input;
