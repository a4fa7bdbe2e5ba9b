-- How far the rollups count the log.
update state set rolled_up_id = :rolled_up_id, rolling_up_id = :rolling_up_id, rolling_up_page = :page_id,
                 rolling_up_client = :client_id;
