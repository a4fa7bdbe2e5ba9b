-- A page's id. For /stats/<url>.
select id from page where url = :url;
