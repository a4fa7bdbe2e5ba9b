-- Watermarks that are out of order, blocks after them or over each other, or ids that would be given again. For page-count check.
select (select count(*)
        from   state
        where  clients_watermark > sealed_watermark or clients_target > sealed_watermark
        or     last_page_id < (select max(id) from page)
        or     last_client_id < (select max(id) from client)
        or     last_agent_id < (select max(id) from agent)
        or     last_source_id < (select max(id) from source))
     + (select count(*) from block where first_id > last_id or last_id > (select sealed_watermark from state)
        or  visits not between 1 and 65536)
     + (select count(*) from block b where exists (select 1 from block o where o.first_id > b.first_id and o.first_id <= b.last_id))
     + (select count(*) from block_column where id >> 4 not in (select id from block)) as differences;
