-- Titles of pages that are not there. For page-count check.
select count(*) as differences from page_title t where not exists (select 1 from page p where p.id = t.page_id);
