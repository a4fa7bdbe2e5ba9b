-- A user agent's first visit.
insert into agent (id, name) values (:id, :name);
