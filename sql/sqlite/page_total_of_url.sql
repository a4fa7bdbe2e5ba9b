-- A page's visits as they were filed. For GET /, which answers with the total.
select t.visits from page p join page_total t on t.page_id = p.id where p.url = :url;
