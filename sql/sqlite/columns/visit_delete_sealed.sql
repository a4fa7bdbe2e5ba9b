-- Rows of the tail that a block holds, the oldest first.
delete from visit where id in (select id from visit where id <= :sealed_watermark order by id limit :limit);
