-- The recent request ids after one of them, in their order.
select number, hash, visit_id from recent_request_id where number > :number order by number limit :limit;
