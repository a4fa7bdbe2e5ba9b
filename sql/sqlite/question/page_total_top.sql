-- The pages with the most visits. For popular_pages of /stats.
select t.page_id, t.visits, p.url
from   page_total t join page p on p.id = t.page_id
where  t.visits > 0
order  by t.visits desc, p.url
limit  :limit;
