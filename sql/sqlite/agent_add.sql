-- A user agent's first visit.
insert into agent (name) values (:name) returning id;
