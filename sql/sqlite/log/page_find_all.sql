-- Pages by text: which row, and its id. For recording and import.
select r.rowid, t.id from bulk_rows(:rows) r cross join page t on t.url = r.text;
