-- Takes visits that are cleaned up out of the totals of their pages.
with input(page_id, visits) as (select a, b from array_table(:rows))
update page_total set visits = page_total.visits - input.visits from input where page_total.page_id = input.page_id;
