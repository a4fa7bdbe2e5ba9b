-- How many hours of the site the rollups hold. For page-count check.
select count(*) from site_hour;
