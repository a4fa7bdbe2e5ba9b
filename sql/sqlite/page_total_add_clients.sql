-- Counts a page's clients as visits are rolled up (or, negative, cleaned up).
insert into page_total (page_id, visits, clients) values (:page_id, 0, :clients)
on conflict do update set clients = clients + excluded.clients;
