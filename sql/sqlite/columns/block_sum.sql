-- How many visits are sealed.
select coalesce(sum(visits), 0) as visits from block;
