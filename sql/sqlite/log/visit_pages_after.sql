-- Which pages were visited after an id. For the totals that recording answers with.
select id, page_id from log where id > :after_id order by id;
