-- Visits whose client has an id now.
update log set client_id = r.b from bulk_rows(:rows) r where log.id = r.a;
