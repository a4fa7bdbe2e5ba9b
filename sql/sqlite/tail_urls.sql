-- Which pages were visited behind an id. For the totals that recording answers with.
select id, url from tail where id > :after_id order by id;
