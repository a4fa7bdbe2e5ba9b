-- A part that cleaning up left without clients.
delete from page_clients where page_id = :page_id and from_client_id = :from_client_id;
