-- The site's hours, as they are after rolling up or cleaning up.
with input(hour, visits, pages) as (select a, b, blob from array_table(:rows))
insert or replace into site_hour (hour, visits, pages) select hour, visits, pages from input;
