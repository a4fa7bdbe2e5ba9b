-- Counts a user agent's visits as they are rolled up (or, negative, cleaned up).
insert into agent_total (agent_id, visits) values (:agent_id, :visits)
on conflict do update set visits = visits + excluded.visits
returning visits;
