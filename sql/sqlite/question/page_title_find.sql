-- A page's title.
select title from page_title where page_id = :page_id;
