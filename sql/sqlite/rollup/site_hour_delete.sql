-- An hour whose last visit was cleaned up.
delete from site_hour where hour = :hour;
