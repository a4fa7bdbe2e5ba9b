-- The addresses of visits whose client has no id yet, in the order of time. For counting, and for figures before that.
select visit_id, ip from pending_client where visit_id <= :last_id order by visit_id;
