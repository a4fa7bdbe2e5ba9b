-- The parts that clients of pages belong to, where there are such: which row, and the part.
select r.rowid, t.from_client_id, t.clients
from   bulk_rows(:rows) r
       cross join page_clients t
       on t.page_id = r.a
       and t.from_client_id = (select p.from_client_id from page_clients p
                               where p.page_id = r.a and p.from_client_id <= r.b
                               order by p.from_client_id desc limit 1);
