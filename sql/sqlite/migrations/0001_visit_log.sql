-- The visit log, what it refers to, and the rollups made from it.

-- Texts are stored once each and referred to by id. Ids are never used again.
create table page   (id integer primary key autoincrement, url  text not null unique) strict;
create table client (id integer primary key autoincrement, ip   text not null unique) strict;
create table agent  (id integer primary key autoincrement, name text not null unique) strict;

-- One row a visit, in the order of time: id = UTC milliseconds << 20 | number within the millisecond.
create table visit (
  id        integer primary key,
  page_id   integer not null,
  client_id integer not null,
  agent_id  integer not null
) strict;

-- visits counts the whole log; everything else below counts the log up to state.rolled_up_id only.
-- Page 0 is the whole site: its clients are the site's visitors (its visits are not kept: they are the sum).
create table page_total (
  page_id integer primary key,
  visits  integer not null,
  clients integer not null
) strict;

create table page_client (
  page_id   integer not null,
  client_id integer not null,
  visits    integer not null,
  primary key (page_id, client_id)
) strict, without rowid;

-- hour counts hours since 1970; agents packs (agent_id, visits) pairs, see packed_counts.h.
create table page_hour (
  hour    integer not null,
  page_id integer not null,
  visits  integer not null,
  agents  blob    not null,
  primary key (hour, page_id)
) strict, without rowid;

create table agent_total (agent_id integer primary key, visits integer not null) strict;

-- One row. newest_id outlives the visit that had it, so that time never goes back behind a cleanup.
-- dictionary_epoch changes whenever rows of page, client or agent were deleted: what was remembered of them is void.
create table state (
  id               integer primary key check (id = 1),
  rolled_up_id     integer not null,
  newest_id        integer not null,
  dictionary_epoch integer not null,
  probed_at_ms     integer not null
) strict;
insert into state values (1, 0, 0, 0, 0);

-- The reference's table, for any SQLite tool.
create view visits as
select v.id, p.url, c.ip as ip_address, a.name as user_agent,
       datetime((v.id >> 20) / 1000, 'unixepoch') as timestamp
from   visit v join page p on p.id = v.page_id join client c on c.id = v.client_id join agent a on a.id = v.agent_id;
