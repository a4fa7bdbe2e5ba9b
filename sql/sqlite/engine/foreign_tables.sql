-- The tables and views of somebody else's database, tables first.
select s.name from sqlite_schema s where s.type in ('table', 'view') and s.name not like 'sqlite_%' order by s.type, s.name;
