-- Pages that cleanup left without a visit.
delete from page_total where visits = 0 and page_id > 0;
