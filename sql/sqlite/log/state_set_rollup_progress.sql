-- How far the rollups count the log.
update state set rollup_watermark = :rollup_watermark, rollup_target = :rollup_target,
                 rollup_cursor_page = :rollup_cursor_page, rollup_cursor_client = :rollup_cursor_client;
