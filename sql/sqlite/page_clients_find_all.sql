-- The parts that clients of pages belong to, where there are such: which row, and the part.
select r.rowid, t.id, t.clients
from   bulk_rows(:rows) r
       cross join page_clients t
       on t.id = (select p.id from page_clients p
                  where p.id <= (r.a << 33 | r.b) and p.id >= r.a << 33
                  order by p.id desc limit 1);
