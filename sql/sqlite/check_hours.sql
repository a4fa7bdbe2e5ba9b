-- Every page's hours as the log holds them up to the watermark. For page-count check.
select (id >> 20) / 3600000 as hour, page_id, agent_id, count(*) as visits
from   visit
where  id <= (select rolled_up_id from state)
group  by 1, 2, 3
order  by 1, 2, 3;
