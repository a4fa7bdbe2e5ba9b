-- Watermarks that are out of order: nothing is rolled up that is not in the pages' totals. For page-count check.
select count(*) from state where rolled_up_id > filed_id or rolling_up_id > filed_id;
