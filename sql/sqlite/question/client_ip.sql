-- The address of a client that is no IPv4 address. For figures, which are counted by id.
select ip from client where id = :client_id;
