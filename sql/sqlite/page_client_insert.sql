-- A client's first visits to a page, where it is new there.
insert or ignore into page_client (visits, page_id, client_id) values (:visits, :page_id, :client_id);
