-- Pages' hours that there are: which row, the visits and the agents. For rolling up.
select r.rowid, t.visits, t.agents
from   bulk_rows(:rows) r cross join page_hour t on t.hour = r.a and t.page_id = r.b;
