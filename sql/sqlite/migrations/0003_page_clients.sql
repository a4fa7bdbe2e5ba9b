-- A page's clients are listed in parts, packed, some hundred bytes each: a fourth of the room that a row for each took, and
-- so a fourth of the pages that counting a set of visits changes.
--
-- clients packs (client_id, visits) pairs, see packed_counts.h: those from from_client_id on up to the page's next part.
drop table page_client;
create table page_clients (
  page_id        integer not null,
  from_client_id integer not null,
  clients        blob    not null,
  primary key (page_id, from_client_id)
) strict, without rowid;

-- All rollups are made anew from the log, as in 0002.
delete from page_hour;
delete from site_hour;
delete from agent_total;
update page_total set clients = 0;
update state set rolled_up_id = 0, rolling_up_id = 0, rolling_up_page = 0, rolling_up_client = 0;
