-- How many parts of lists of clients there are, and how many pages (and the site) have clients. For page-count check.
select (select count(*) from page_clients) + (select count(*) from page_total where clients <> 0) as rows;
