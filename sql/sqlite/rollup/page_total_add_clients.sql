-- Counts pages' clients as visits are rolled up (or, negative, cleaned up).
insert into page_total (page_id, visits, clients) select a, 0, b from bulk_rows(:rows) where true
on conflict do update set clients = clients + excluded.clients;
