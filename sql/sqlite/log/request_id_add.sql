-- Adds request ids, perhaps in place of some that have expired.
with input(visit_id, hash) as (select a, blob from array_table(:rows))
insert or replace into request_id (hash, visit_id) select hash, visit_id from input;
