-- Pages whose total is not what the log holds. For page-count check.
with log as materialized (
  select page_id, count(*) as visits from visit where id <= (select filed_id from state) group by page_id)
select (select count(*) from log left join page_total t on t.page_id = log.page_id where t.visits is not log.visits)
     + abs((select count(*) from page_total where page_id > 0 and visits <> 0) - (select count(*) from log));
