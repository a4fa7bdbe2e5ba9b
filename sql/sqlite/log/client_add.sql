-- Clients on their first visit.
insert into text_client (id, ip) select a, text from bulk_rows(:rows);
