-- A page's visits as they are cleaned up; answers how many are left.
update page_total set visits = visits - :visits where page_id = :page_id returning visits;
