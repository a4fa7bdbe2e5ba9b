-- Sources by text: which row, and its id. For recording and import.
with input(row, name) as (select rowid, text from array_table(:rows))
select input.row, source.id from input cross join source on source.name = input.name;
