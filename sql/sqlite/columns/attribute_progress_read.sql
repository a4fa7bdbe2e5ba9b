-- How far the texts of a dictionary have their attributes, and by which version of the lists.
select version, last_id from attribute_progress where column_number = :column_number;
