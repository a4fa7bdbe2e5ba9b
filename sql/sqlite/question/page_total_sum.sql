-- All visits that the totals count. For /stats.
select coalesce(sum(visits), 0) as visits from page_total;
