-- A client's id. For what is not counted yet.
select id from client where ip = :ip;
