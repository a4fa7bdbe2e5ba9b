-- Counts pages' visits, soon after they were recorded.
insert into page_total (page_id, visits, clients) select a, b, 0 from bulk_rows(:rows) where true
on conflict do update set visits = visits + excluded.visits;
