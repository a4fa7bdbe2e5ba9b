-- Pages (and the site) whose number of clients is not what is listed. For page-count check.
with listed as materialized (select page_id, count(*) as clients from page_client group by page_id)
select (select count(*) from listed left join page_total t on t.page_id = listed.page_id
        where t.clients is not listed.clients)
     + abs((select count(*) from page_total where clients <> 0) - (select count(*) from listed));
