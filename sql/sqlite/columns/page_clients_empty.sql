-- Forgets who visited which page, to be counted again from the blocks. For cleanup, import and page-count check --repair.
delete from page_clients;
