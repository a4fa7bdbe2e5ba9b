-- What a database consists of, by kind and name. To tell one that is empty, and one of ours that has lost its marks.
select s.type || ' ' || s.name as part from sqlite_schema s where s.name not like 'sqlite_%' order by 1;
