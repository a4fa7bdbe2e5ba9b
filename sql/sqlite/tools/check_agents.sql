-- User agents whose visits are not what the log holds. For page-count check.
with counted as materialized (
  select v.agent_id, count(*) as visits
  from   visit v, state s
  where  v.id <= s.rollup_watermark
  or     v.id <= s.rollup_target
         and (9223372036854775807, v.client_id) < (s.rollup_cursor_page, s.rollup_cursor_client)
  group  by v.agent_id)
select (select count(*) from counted left join agent_total t on t.agent_id = counted.agent_id where t.visits is not counted.visits)
     + abs((select count(*) from agent_total) - (select count(*) from counted)) as differences;
