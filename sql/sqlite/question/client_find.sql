-- A client's id. For what is not counted yet.
select id from text_client where ip = :ip;
