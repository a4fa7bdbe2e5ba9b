-- Visits whose client has an id now.
update visit set client_id = r.b from bulk_rows(:rows) r where visit.id = r.a;
