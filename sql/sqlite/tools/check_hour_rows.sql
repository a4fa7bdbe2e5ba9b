-- How many hours of pages the rollups hold. For page-count check.
select count(*) as rows from page_hour;
