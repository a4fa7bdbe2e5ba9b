-- The columns of a table of somebody else's database.
select c.name from pragma_table_info(:table) c;
