-- The database as it is: every table that page-count keeps, in the order in which a visit gets there.
--
-- Version 1. application_id tells a page-count database from any other SQLite file, user_version which version of this
-- schema it has. ("pgct", 1885823860, marks the files of development builds from before version 1, whose user_version
-- counted migrations: they are refused, and `page-count export` of the build that wrote them, then `page-count import`
-- into a new file, brings their visits over.)
pragma application_id = 1885564532;  -- "pcnt"
pragma user_version = 1;

-- Dictionaries: each text is stored once and referred to by its id. Ids count on from state.last_*_id and are never
-- used again, so what a worker remembers of them cannot come to mean something else. A page is a URL in canonical form.
create table page  (id integer primary key, url  text not null unique) strict;
create table agent (id integer primary key, name text not null unique) strict;

-- Clients whose address is no IPv4 address. An IPv4 address is its own client_id, its number plus one (1 to 4294967296),
-- and has no row; the ids here come after those. See client_id.h.
create table client (id integer primary key, ip text not null unique) strict;

-- The log, which everything below is counted from: a row a visit, in the order of time without an index.
-- id = UTC milliseconds << 20 | number within the millisecond.
-- client_id = 0: the client has no id yet; pending_client has its address, and the visit is after totals_watermark.
create table visit (
  id        integer primary key,
  page_id   integer not null,
  client_id integer not null,
  agent_id  integer not null
) strict;

-- The addresses of the visits whose client_id is 0. See pending_clients.h.
create table pending_client (visit_id integer primary key, ip text not null) strict;

-- A page's visits up to state.totals_watermark, and its unique clients as far as page_clients counts them.
-- Page 0 is the whole site: it has clients, but no visits of its own, as those are the sum of the pages'.
create table page_total (
  page_id integer primary key,
  visits  integer not null,
  clients integer not null
) strict;

-- The rollups: all that follows counts the visits up to state.rollup_watermark, and of those up to rollup_target the
-- ones before the cursor; site_hour never counts a part of a range. Blobs pack pairs of an id and a number of visits:
-- see packed_counts.h.

-- Who visited a page, and how often: its list of clients in parts of some hundred bytes.
-- id = page_id << 33 | the client_id that the part begins at; it ends at the page's next part. One number, as a table's
-- own key makes a far flatter tree than an index whose inner nodes hold whole parts. clients packs (client_id, visits).
create table page_clients (id integer primary key, clients blob not null) strict;

-- A page's hours, counted from 1970, UTC. agents packs (agent_id, visits).
create table page_hour (
  hour    integer not null,
  page_id integer not null,
  visits  integer not null,
  agents  blob    not null,
  primary key (hour, page_id)
) strict, without rowid;

-- The site's hours. pages packs (page_id, visits).
create table site_hour (
  hour   integer primary key,
  visits integer not null,
  pages  blob    not null
) strict;

-- A user agent's visits: tells cleanup which agents are left without any. No answer reads it, nor site_hour.
create table agent_total (agent_id integer primary key, visits integer not null) strict;

-- One row: how far the log is counted, the last ids given out, and the marks of the write-ahead log.
-- rollup_watermark <= rollup_target <= totals_watermark while a rollup is under way; see log_state.h.
create table state (
  id                   integer primary key check (id = 1),
  totals_watermark     integer not null default 0,    -- a visit.id
  rollup_watermark     integer not null default 0,    -- a visit.id
  rollup_target        integer not null default 0,    -- a visit.id
  rollup_cursor_page   integer not null default 0,    -- of the visits up to the target, those of a (page_id, client_id)
  rollup_cursor_client integer not null default 0,    -- before this one are rolled up; the site comes as the last page
  generation           integer not null default 0,    -- grows when what workers remember of texts and totals is void
  last_page_id         integer not null default 0,    -- given out last; 0 before the first
  last_client_id       integer not null default 0,
  last_agent_id        integer not null default 0,
  touches              integer not null default 0,    -- changed for nothing but to make a frame of the write-ahead log
  database_id          blob    not null,              -- another one in each database and each backup
  mark                 integer not null default 0,    -- see log_ownership.cc
  file_mark            integer not null default 0
) strict;
insert into state (id, database_id) values (1, randomblob(16));

-- Visits, each with its client's ip: the IPv4 address as its number plus one, any other as its text.
create view visit_ip as
select id, page_id, client_id, agent_id,
       case when client_id > 4294967296 then (select ip from client where client.id = visit.client_id)
            when client_id = 0 then (select ip from pending_client where visit_id = visit.id)
            else client_id
       end as ip
from   visit;

-- For any SQLite program: the visits as a table of texts, as counters of this kind have it.
create view visits as
select v.id, p.url,
       case typeof(v.ip)
            when 'integer' then ((v.ip - 1) >> 24) || '.' || (((v.ip - 1) >> 16) & 255) || '.' ||
                                (((v.ip - 1) >> 8) & 255) || '.' || ((v.ip - 1) & 255)
            else v.ip
       end as ip_address,
       a.name as user_agent, datetime((v.id >> 20) / 1000, 'unixepoch') as timestamp
from   visit_ip v join page p on p.id = v.page_id join agent a on a.id = v.agent_id;
