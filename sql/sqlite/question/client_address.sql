-- A client's address. For figures, which are counted by id.
select address from client where id = :client_id;
