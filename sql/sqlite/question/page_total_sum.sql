-- All visits there are. For /stats and /summary.
select coalesce(sum(visits), 0) from page_total;
