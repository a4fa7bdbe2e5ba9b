-- The codes of some ids after each other, more of them than before.
insert or replace into attribute_codes (id, codes) values (:id, cast(:codes as blob));
