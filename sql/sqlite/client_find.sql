-- A client's id. For recording.
select id from client where ip = :ip;
