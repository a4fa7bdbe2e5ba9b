-- The first id given out inside a range of ids, or the range's end. For import, which goes on before it.
select coalesce((select min(id) from visit where id >= :from_id and id < :before_id), :before_id) as first_id;
