-- A client's first visit.
insert into client (id, ip) values (:id, :ip);
