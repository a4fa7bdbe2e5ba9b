-- The values of an attribute.
select code, value from attribute_value where attribute = :attribute order by code;
