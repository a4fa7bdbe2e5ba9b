-- A page's id. For /stats/<url>, and for what is not filed yet.
select id from page where url = :url;
