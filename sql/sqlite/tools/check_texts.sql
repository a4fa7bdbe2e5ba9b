-- Visits that refer to a page, client or user agent that is not there, or have none that should; and addresses put aside
-- for a visit that is not there, or has a client. For page-count check.
select (select count(*)
        from   log v
        where  not exists (select 1 from page p where p.id = v.page_id)
        or     v.client_id < 0
        or     v.client_id = 0
               and (v.id <= (select filed_id from state) or not exists (select 1 from visit_ip i where i.id = v.id))
        or     v.client_id > 4294967296 and not exists (select 1 from text_client c where c.id = v.client_id)
        or     not exists (select 1 from agent a where a.id = v.agent_id))
     + (select count(*) from visit_ip i where not exists (select 1 from log v where v.id = i.id and v.client_id = 0));
