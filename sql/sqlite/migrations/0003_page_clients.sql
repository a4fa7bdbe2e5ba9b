-- A page's clients are listed in parts, packed, some hundred bytes each: a fourth of the room that a row for each took, and
-- so a fourth of the pages that counting a set of visits changes.
--
-- id = page_id << 33 | the client_id from which on, up to the page's next part, clients are listed here: one number, as a
-- table's own key makes a far flatter tree than an index whose inner nodes hold whole parts.
-- clients packs (client_id, visits) pairs, see packed_counts.h.
drop table page_client;
create table page_clients (id integer primary key, clients blob not null) strict;

-- All rollups are made anew from the log, as in 0002.
delete from page_hour;
delete from site_hour;
delete from agent_total;
update page_total set clients = 0;
update state set rolled_up_id = 0, rolling_up_id = 0, rolling_up_page = 0, rolling_up_client = 0;
