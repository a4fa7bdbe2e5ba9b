-- Counts pages' clients.
with input(page_id, clients) as (select a, b from array_table(:rows))
insert into page_total (page_id, visits, clients) select page_id, 0, clients from input where true
on conflict do update set clients = clients + excluded.clients;
