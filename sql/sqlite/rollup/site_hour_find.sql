-- One hour of the site. For rolling up.
select visits, pages from site_hour where hour = :hour;
