-- A page's clients whose visits are not what the log holds. For page-count check.
with log as materialized (
  select v.page_id, v.client_id, count(*) as visits
  from   visit v, state s
  where  v.id <= s.rolled_up_id
  or     v.id <= s.rolling_up_id and (v.page_id, v.client_id) < (s.rolling_up_page, s.rolling_up_client)
  group  by v.page_id, v.client_id)
select (select count(*) from log
        left join page_client c on c.page_id = log.page_id and c.client_id = log.client_id
        where c.visits is not log.visits)
     + abs((select count(*) from page_client where page_id > 0) - (select count(*) from log));
