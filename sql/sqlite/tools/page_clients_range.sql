-- The sets of clients of pages, part by part. For page-count check.
select id, clients from page_clients where id >= :from_id and id < :before_id order by id;
