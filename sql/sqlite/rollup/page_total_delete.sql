-- A page that cleanup left without a visit.
delete from page_total where page_id = :page_id;
