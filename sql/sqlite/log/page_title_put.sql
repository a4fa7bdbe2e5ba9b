-- The newest title of a page. One that says the same changes nothing.
insert into page_title (page_id, title) values (:page_id, :title)
on conflict do update set title = excluded.title where title <> excluded.title;
