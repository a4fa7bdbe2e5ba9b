-- User agents by text: which row, and its id. For recording and import.
with input(row, name) as (select rowid, text from array_table(:rows))
select input.row, agent.id from input cross join agent on agent.name = input.name;
