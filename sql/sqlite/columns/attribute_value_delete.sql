-- All values of an attribute, before its texts are looked at anew.
delete from attribute_value where attribute = :attribute;
