-- How many pages of the file hold nothing.
select freelist_count as pages from pragma_freelist_count;
