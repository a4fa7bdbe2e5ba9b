-- How many hours of pages the rollups hold. For page-count check.
select count(*) from page_hour;
