-- A page's totals; page 0 has the site's clients. For recording, /stats, /stats/<url>, page-count check.
select visits, clients from page_total where page_id = :page_id;
