-- Clients that are among a page's already: which row, and the visits. For rolling up.
select r.rowid, t.visits
from   bulk_rows(:rows) r cross join page_client t on t.page_id = r.a and t.client_id = r.b;
