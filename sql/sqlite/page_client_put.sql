-- Clients of pages with the visits that they have after rolling up or cleaning up.
insert or replace into page_client (page_id, client_id, visits) select a, b, c from bulk_rows(:rows);
