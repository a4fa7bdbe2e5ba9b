-- The pages' totals made anew from the log, without their clients. For page-count check --repair.
insert into page_total (page_id, visits, clients)
select page_id, count(*), 0 from log where id <= (select filed_id from state) group by page_id;
