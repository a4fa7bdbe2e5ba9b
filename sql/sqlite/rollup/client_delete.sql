-- A client that cleanup left without a visit.
delete from client where id = :client_id;
