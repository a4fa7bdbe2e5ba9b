-- User agents on their first visit.
insert into agent (id, name) select a, text from bulk_rows(:rows);
