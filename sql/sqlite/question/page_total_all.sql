-- All pages with their totals. For /summary.
select t.page_id, t.visits, t.clients, p.url
from   page_total t join page p on p.id = t.page_id
where  t.visits > 0;
