-- The addresses of visits whose client has no id yet.
insert into visit_ip (id, ip) select a, text from bulk_rows(:rows);
