-- The log gets a tail: recording appends visits to it as they came, texts and all, and touches nothing else. Filing
-- moves them, many at a time, into visit and counts each page's total; rolling up counts the rest later still.
create table tail (
  id         integer primary key,  -- as in visit, and later than every id there
  url        text not null,
  ip         text not null,
  user_agent text not null
) strict;

-- filed_id: every visit up to it is in visit (or was, before a cleanup), every later one in tail.
-- The rollups count visit up to rolled_up_id, and of what is behind that up to rolling_up_id the visits whose
-- (page, client) comes before (rolling_up_page, rolling_up_client); the site's come as the last page of all.
-- epoch changes whenever totals changed other than by filing, or texts were deleted: what was remembered is void.
alter table state rename column newest_id to filed_id;
alter table state rename column dictionary_epoch to epoch;
alter table state add column rolling_up_id     integer not null default 0;
alter table state add column rolling_up_page   integer not null default 0;
alter table state add column rolling_up_client integer not null default 0;
update state set filed_id = max(filed_id, coalesce((select max(id) from visit), 0));

-- What a whole hour brought, and to which pages: pages packs (page_id, visits) pairs, see packed_counts.h. It takes
-- the place of page 0 in page_hour, and counts the log up to rolled_up_id, never a part of a set.
create table site_hour (
  hour   integer primary key,
  visits integer not null,
  pages  blob    not null
) strict;

-- All rollups are made anew from the log; until then answers are exact and slower.
delete from page_client;
delete from page_hour;
delete from agent_total;
update page_total set clients = 0;
update state set rolled_up_id = 0, rolling_up_id = 0;

-- Texts get their ids from the last ones in state, many at a time: that is cheaper than autoincrement.
alter table state add column last_page_id   integer not null default 0;
alter table state add column last_client_id integer not null default 0;
alter table state add column last_agent_id  integer not null default 0;
update state set last_page_id   = coalesce((select seq from sqlite_sequence where name = 'page'), 0),
                 last_client_id = coalesce((select seq from sqlite_sequence where name = 'client'), 0),
                 last_agent_id  = coalesce((select seq from sqlite_sequence where name = 'agent'), 0);
drop view visits;
alter table page   rename to old_page;
alter table client rename to old_client;
alter table agent  rename to old_agent;
create table page   (id integer primary key, url  text not null unique) strict;
create table client (id integer primary key, ip   text not null unique) strict;
create table agent  (id integer primary key, name text not null unique) strict;
insert into page   select id, url from old_page;
insert into client select id, ip from old_client;
insert into agent  select id, name from old_agent;
drop table old_page;
drop table old_client;
drop table old_agent;

create view visits as
select v.id, p.url, c.ip as ip_address, a.name as user_agent,
       datetime((v.id >> 20) / 1000, 'unixepoch') as timestamp
from   visit v join page p on p.id = v.page_id join client c on c.id = v.client_id join agent a on a.id = v.agent_id
union all
select id, url, ip, user_agent, datetime((id >> 20) / 1000, 'unixepoch') from tail;
