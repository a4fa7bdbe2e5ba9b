-- A page's totals. For /stats/<url>, and page 0 for /stats.
select visits, clients from page_total where page_id = :page_id;
