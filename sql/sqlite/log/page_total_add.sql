-- Counts pages' visits, soon after they were recorded.
with input(page_id, visits) as (select a, b from array_table(:rows))
insert into page_total (page_id, visits, clients) select page_id, visits, 0 from input where true
on conflict do update set visits = visits + excluded.visits;
