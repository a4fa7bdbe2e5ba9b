-- The parts that clients of pages belong to, where there are such: which row, the part, and the id of the part after
-- it, null where that is the last one.
select r.rowid, t.id, t.clients, (select min(p.id) from page_clients p where p.id > t.id)
from   bulk_rows(:rows) r
       cross join page_clients t
       on t.id = (select p.id from page_clients p
                  where p.id <= (r.a << 33 | r.b) and p.id >= r.a << 33
                  order by p.id desc limit 1);
