-- Parts of pages' lists of clients, as they are after rolling up or cleaning up.
insert or replace into page_clients (id, clients) select a, blob from bulk_rows(:rows);
