-- Whether a client is among a page's already. For exact uniques of the tail.
select visits from page_client where page_id = :page_id and client_id = :client_id;
