-- An hour whose last visit was cleaned up.
delete from page_hour where hour = :hour and page_id = :page_id;
