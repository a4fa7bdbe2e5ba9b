-- A page's id. For recording and /stats/<url>.
select id from page where url = :url;
