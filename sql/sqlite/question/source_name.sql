-- A source's text. For figures, which are counted by id.
select name from source where id = :source_id;
