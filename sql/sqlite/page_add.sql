-- A page's first visit.
insert into page (url) values (:url) returning id;
