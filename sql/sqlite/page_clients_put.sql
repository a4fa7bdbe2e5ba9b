-- Parts of pages' lists of clients, as they are after rolling up or cleaning up.
insert or replace into page_clients (page_id, from_client_id, clients) select a, b, blob from bulk_rows(:rows);
