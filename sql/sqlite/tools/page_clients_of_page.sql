-- The parts of a page's list. For page-count check.
select clients from page_clients where id >= :page_id << 33 and id < :page_id + 1 << 33 order by id;
