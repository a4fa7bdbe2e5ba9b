-- A client's first visit.
insert into client (ip) values (:ip) returning id;
