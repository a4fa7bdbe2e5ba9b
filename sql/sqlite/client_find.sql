-- A client's id. For what is not filed yet.
select id from client where ip = :ip;
