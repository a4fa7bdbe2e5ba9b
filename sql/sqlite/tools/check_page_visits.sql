-- Pages whose total is not what the log holds. For page-count check.
with counted as materialized (
  select page_id, count(*) as visits from visit where id <= (select totals_watermark from state) group by page_id)
select (select count(*) from counted left join page_total t on t.page_id = counted.page_id where t.visits is not counted.visits)
     + abs((select count(*) from page_total where page_id > 0 and visits <> 0) - (select count(*) from counted)) as differences;
