-- A page's first visit.
insert into page (id, url) values (:id, :url);
