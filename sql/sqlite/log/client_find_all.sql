-- Clients by text: which row, and its id. For counting and import.
select r.rowid, t.id from bulk_rows(:rows) r cross join text_client t on t.ip = r.text;
