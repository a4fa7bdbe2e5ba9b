-- User agents whose visits are not what the log holds up to the watermark. For page-count check.
with log as materialized (
  select agent_id, count(*) as visits
  from   visit where id <= (select rolled_up_id from state)
  group  by agent_id)
select (select count(*) from log left join agent_total t on t.agent_id = log.agent_id where t.visits is not log.visits)
     + abs((select count(*) from agent_total) - (select count(*) from log));
