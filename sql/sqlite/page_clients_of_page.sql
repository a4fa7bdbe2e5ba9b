-- The parts of a page's list. For page-count check.
select clients from page_clients where page_id = :page_id order by from_client_id;
