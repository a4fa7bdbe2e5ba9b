-- Forgets all totals. For page-count check --repair.
delete from page_total;
