-- How far the log is counted, and the newest visit there is (or was, before a cleanup).
select rolled_up_id, rolling_up_id, rolling_up_page, rolling_up_client, filed_id, epoch,
       max(filed_id, coalesce((select max(id) from log), 0)) as newest_id,
       last_page_id, last_client_id, last_agent_id
from   state;
