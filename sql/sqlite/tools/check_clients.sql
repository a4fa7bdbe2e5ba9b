-- The visits of each page's clients, and of the site's (page 0), as the log holds them. For page-count check.
select 0 as page_id, v.client_id, count(*) as visits
from   log v, state s
where  v.id <= s.rolled_up_id
or     v.id <= s.rolling_up_id and (9223372036854775807, v.client_id) < (s.rolling_up_page, s.rolling_up_client)
group  by v.client_id
union all
select v.page_id, v.client_id, count(*)
from   log v, state s
where  v.id <= s.rolled_up_id
or     v.id <= s.rolling_up_id and (v.page_id, v.client_id) < (s.rolling_up_page, s.rolling_up_client)
group  by v.page_id, v.client_id
order  by 1, 2;
