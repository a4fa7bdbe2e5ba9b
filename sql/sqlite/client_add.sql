-- Clients on their first visit.
insert into client (id, ip) select a, text from bulk_rows(:rows);
