-- The same of the number of clients of each page.
update page_total set clients = 0 where clients <> 0;
