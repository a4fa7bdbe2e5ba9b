-- The site's hours, as they are after rolling up or cleaning up.
insert or replace into site_hour (hour, visits, pages) select a, b, blob from bulk_rows(:rows);
