-- The parts that clients of pages belong to, if there are such: which row, the part, and the id of the part after it,
-- null if that is the last one. For counting clients, and figures before that.
with input(row, page_id, client_id) as (select rowid, a, b from array_table(:rows))
select input.row, part.id, part.clients, (select min(p.id) from page_clients p where p.id > part.id) as next_id
from   input
       cross join page_clients part
       on part.id = (select p.id from page_clients p
                     where p.id <= (input.page_id << 33 | input.client_id) and p.id >= input.page_id << 33
                     order by p.id desc limit 1);
