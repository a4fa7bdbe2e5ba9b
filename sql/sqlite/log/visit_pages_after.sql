-- Which pages were visited after a visit. For the totals that recording returns.
select id, page_id from visit where id > :after_id order by id;
