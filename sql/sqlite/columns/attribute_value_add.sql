-- A value that an attribute has for the first time.
insert into attribute_value (attribute, code, value) values (:attribute, :code, :value);
