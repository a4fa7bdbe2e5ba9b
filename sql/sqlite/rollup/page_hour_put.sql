-- Pages' hours, as they are after rolling up or cleaning up.
with input(hour, page_id, visits, agents) as (select a, b, c, blob from array_table(:rows))
insert or replace into page_hour (hour, page_id, visits, agents) select hour, page_id, visits, agents from input;
