-- Pages by text: which row, and its id. For recording and import.
with input(row, url) as (select rowid, text from array_table(:rows))
select input.row, page.id from input cross join page on page.url = input.url;
