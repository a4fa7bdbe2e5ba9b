-- Parts of pages' lists of clients, with those that were added.
with input(id, clients) as (select a, blob from array_table(:rows))
insert or replace into page_clients (id, clients) select id, clients from input;
