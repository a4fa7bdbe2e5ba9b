-- One hour of the site. For rolling up, cleanup, page-count check.
select visits, pages from site_hour where hour = :hour;
