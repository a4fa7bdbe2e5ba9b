-- The codes of an attribute, in the order of the ids.
select id, codes from attribute_codes where id >= :from_id and id < :before_id order by id;
