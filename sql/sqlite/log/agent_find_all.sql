-- User agents by text: which row, and its id. For recording and import.
select r.rowid, t.id from bulk_rows(:rows) r cross join agent t on t.name = r.text;
