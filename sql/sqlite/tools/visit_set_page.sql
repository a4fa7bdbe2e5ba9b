-- Gives visits of the tail another page, and a source. For page-count rewrite.
with input(id, page_id, source_id) as (select a, b, c from array_table(:rows))
update visit set page_id = input.page_id, source_id = input.source_id from input where visit.id = input.id;
