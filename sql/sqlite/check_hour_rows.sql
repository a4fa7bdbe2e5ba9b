-- How many hours the rollups hold, pages' and the site's. For page-count check.
select count(*) from page_hour;
