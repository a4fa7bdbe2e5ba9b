-- All codes of an attribute, before its texts are looked at anew.
delete from attribute_codes where id >= :from_id and id < :before_id;
