-- Counts the visits of a client to a page it is known to have visited.
update page_client set visits = visits + :visits where page_id = :page_id and client_id = :client_id;
