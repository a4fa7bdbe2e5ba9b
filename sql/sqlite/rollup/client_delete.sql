-- A client that cleanup left without a visit.
delete from text_client where id = :client_id;
