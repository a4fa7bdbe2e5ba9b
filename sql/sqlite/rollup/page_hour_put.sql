-- Pages' hours, as they are after rolling up or cleaning up.
insert or replace into page_hour (hour, page_id, visits, agents) select a, b, c, blob from bulk_rows(:rows);
