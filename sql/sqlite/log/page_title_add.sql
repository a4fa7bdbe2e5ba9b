-- The title of a page that has none.
insert into page_title (page_id, title) values (:page_id, :title) on conflict do nothing;
