-- Pages that are visited for the first time.
insert into page (id, url) select a, text from bulk_rows(:rows);
