-- The totals of all pages, and of the site's clients as page 0. For page-count check.
select page_id, visits, clients from page_total order by page_id;
