-- The addresses of visits whose client has no id yet.
with input(visit_id, ip) as (select a, text from array_table(:rows))
insert into pending_client (visit_id, ip) select visit_id, ip from input;
