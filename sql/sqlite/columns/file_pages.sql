-- How many pages the file has.
select page_count as pages from pragma_page_count;
