-- A client's first visits to a page.
insert into page_client (visits, page_id, client_id) values (:visits, :page_id, :client_id);
