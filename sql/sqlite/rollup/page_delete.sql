-- A page that cleanup left without a visit.
delete from page where id = :page_id;
