-- How far the log is counted, the newest visit there is (or was, before a cleanup), and the last ids given out.
select rollup_watermark, rollup_target, rollup_cursor_page, rollup_cursor_client, totals_watermark, generation,
       max(totals_watermark, coalesce((select max(id) from visit), 0)) as newest_id,
       last_page_id, last_client_id, last_agent_id
from   state;
