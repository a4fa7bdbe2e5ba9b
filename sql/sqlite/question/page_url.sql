-- A page's URL. For the top pages of a range, which are counted by id.
select url from page where id = :page_id;
