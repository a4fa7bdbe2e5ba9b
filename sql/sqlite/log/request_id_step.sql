-- The request id that so many others follow after an earlier one, in their order; none near the end.
select hash from request_id where hash > cast(:after_hash as blob) order by hash limit 1 offset :others;
