-- How far visits are sealed and counted, the newest visit there is (or was, before a cleanup), and the last ids given out.
select sealed_watermark, clients_watermark, clients_target, clients_cursor, generation,
       max(sealed_watermark, coalesce((select max(id) from visit), 0)) as newest_id,
       last_page_id, last_client_id, last_agent_id, last_source_id
from   state;
