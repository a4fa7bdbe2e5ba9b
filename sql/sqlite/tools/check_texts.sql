-- Visits that refer to a page, client or user agent that is not there, or have none that should; and pending clients of a
-- visit that is not there, or has a client. For page-count check.
select (select count(*)
        from   visit_ip v
        where  not exists (select 1 from page p where p.id = v.page_id)
        or     v.client_id < 0
        or     v.client_id = 0 and v.id <= (select totals_watermark from state)
        or     v.ip is null
        or     not exists (select 1 from agent a where a.id = v.agent_id))
     + (select count(*) from pending_client i
        where not exists (select 1 from visit v where v.id = i.visit_id and v.client_id = 0)) as differences;
