-- A client whose last visit to a page was cleaned up.
delete from page_client where page_id = :page_id and client_id = :client_id;
