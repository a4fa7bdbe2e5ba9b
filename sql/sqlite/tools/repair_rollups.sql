-- Empties the rollups, and counts the pages' totals again from the log, without their clients. For page-count check --repair.
delete from page_clients;
delete from page_hour;
delete from site_hour;
delete from agent_total;
delete from page_total;
insert into page_total (page_id, visits, clients)
select page_id, count(*), 0 from visit where id <= (select totals_watermark from state) group by page_id;
