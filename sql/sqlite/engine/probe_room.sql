-- Takes up so much room as visits would need, in a transaction that is rolled back. For /health.
insert into page_clients (id, clients) values (-1, zeroblob(:bytes));
