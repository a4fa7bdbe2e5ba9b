-- Every page's hours, and the site's as page 0, as the log holds them. For page-count check.
select (v.id >> 20) / 3600000 as hour, v.page_id, v.agent_id, count(*) as visits
from   visit v, state s
where  v.id <= s.rolled_up_id
or     v.id <= s.rolling_up_id and (v.page_id, v.client_id) < (s.rolling_up_page, s.rolling_up_client)
group  by 1, 2, 3
union  all
select (v.id >> 20) / 3600000, 0, v.agent_id, count(*)
from   visit v, state s
where  v.id <= s.rolled_up_id
or     v.id <= s.rolling_up_id and (9223372036854775807, v.client_id) < (s.rolling_up_page, s.rolling_up_client)
group  by 1, 2, 3
order  by 1, 2, 3;
