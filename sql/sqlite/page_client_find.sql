-- The visits of a client to a page. For rolling up, and for exact uniques of what is not counted yet.
select visits from page_client where page_id = :page_id and client_id = :client_id;
