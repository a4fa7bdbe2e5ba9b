-- Takes visits that are cleaned up out of a page's total; returns how many are left.
update page_total set visits = visits - :visits where page_id = :page_id returning visits;
