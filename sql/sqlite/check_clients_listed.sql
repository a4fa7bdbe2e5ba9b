-- A page's clients whose visits are not what the log holds up to the watermark. For page-count check.
with log as materialized (
  select page_id, client_id, count(*) as visits
  from   visit where id <= (select rolled_up_id from state)
  group  by page_id, client_id)
select (select count(*) from log
        left join page_client c on c.page_id = log.page_id and c.client_id = log.client_id
        where c.visits is not log.visits)
     + abs((select count(*) from page_client where page_id > 0) - (select count(*) from log));
