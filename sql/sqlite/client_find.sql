-- A client's id. For what is not filed yet.
select id from text_client where ip = :ip;
