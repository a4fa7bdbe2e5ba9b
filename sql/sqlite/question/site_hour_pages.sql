-- The pages of the site's hours inside a range. For the top pages of a range.
select pages from site_hour where hour >= :from_hour and hour < :before_hour order by hour;
