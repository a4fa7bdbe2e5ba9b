-- Pages' hours that there are: which row, the visits and the agents. For rolling up and cleanup.
with input(row, hour, page_id) as (select rowid, a, b from array_table(:rows))
select input.row, h.visits, h.agents
from   input cross join page_hour h on h.hour = input.hour and h.page_id = input.page_id;
