-- Counts a page's visits as they are filed (or, negative, cleaned up); answers with its total.
insert into page_total (page_id, visits, clients) values (:page_id, :visits, 0)
on conflict do update set visits = visits + excluded.visits
returning visits;
