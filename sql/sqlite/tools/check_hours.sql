-- Every page's hours as the log holds them. For page-count check.
select (v.id >> 20) / 3600000 as hour, v.page_id, v.agent_id, count(*) as visits
from   log v, state s
where  v.id <= s.rolled_up_id
or     v.id <= s.rolling_up_id and (v.page_id, v.client_id) < (s.rolling_up_page, s.rolling_up_client)
group  by 1, 2, 3
order  by 1, 2, 3;
