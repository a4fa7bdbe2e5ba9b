-- The titles of pages that no visit refers to any more.
with input(id) as (select a from array_table(:rows))
delete from page_title where page_id in (select id from input);
