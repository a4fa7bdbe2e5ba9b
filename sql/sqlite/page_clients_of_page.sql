-- The parts of a page's list. For page-count check.
select clients from page_clients where id between :page_id << 33 and (:page_id << 33 | 8589934591) order by id;
