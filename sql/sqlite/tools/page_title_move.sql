-- Gives pages that have no title the titles of pages whose visits they get.
with input(id, to_id) as (select a, b from array_table(:rows))
insert into page_title (page_id, title) select to_id, title from input join page_title on page_id = id where true
on conflict do nothing;
