-- The site's hours inside a range, without their pages. For hourly totals.
select hour, visits from site_hour where hour >= :from_hour and hour < :before_hour order by hour;
