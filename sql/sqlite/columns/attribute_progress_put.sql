-- Up to which id the texts of a dictionary have their attributes now.
insert or replace into attribute_progress (column_number, version, last_id) values (:column_number, :version, :last_id);
