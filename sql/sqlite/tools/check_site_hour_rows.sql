-- How many hours of the site the rollups hold. For page-count check.
select count(*) as rows from site_hour;
