-- The database as it is: every table that page-count keeps, in the order in which a visit gets there.
--
-- Version 4. application_id tells a page-count database from any other SQLite file, user_version which version of this
-- schema it has. (Files of versions 1 to 3 and "pgct" files, 1885823860, are of development builds: they are refused, and
-- `page-count export` of the build that wrote them, then `page-count import` into a new file, brings their visits over.)
pragma application_id = 1885564532;  -- "pcnt"
pragma user_version = 4;

-- Dictionaries: each text is stored once and referred to by its id. Ids count on from state.last_*_id and are never
-- used again, so what a worker remembers of them cannot come to mean something else. A page is a URL in canonical form;
-- a client is an address as bytes: see client_address.h; a source is where a visit came from: see source.h.
create table page   (id integer primary key, url     text not null unique) strict;
create table agent  (id integer primary key, name    text not null unique) strict;
create table client (id integer primary key, address blob not null unique) strict;
create table source (id integer primary key, name    text not null unique) strict;

-- A page's title as the newest visit that brought one said it.
create table page_title (page_id integer primary key, title text not null) strict;

-- The request ids of visits of the last 7 days, as hashes of 16 bytes: a request that is sent again records nothing. A
-- commit adds to the recent ones, at their end; the maintenance moves them to the others, in whose order they lie
-- anywhere, many at a time. The newest stays, so that no number is given twice.
create table recent_request_id (number integer primary key, hash blob not null, visit_id integer not null) strict;
create table request_id (hash blob primary key, visit_id integer not null) strict, without rowid;

-- The tail: a row a visit as it was recorded, in the order of time without an index, until its visits are sealed in a
-- block. Rows up to state.sealed_watermark are in a block already, count no more, and are deleted at leisure.
-- id = UTC milliseconds << 20 | number within the millisecond. A source_id of 0 is none.
create table visit (
  id        integer primary key,
  page_id   integer not null,
  agent_id  integer not null,
  source_id integer not null,
  ip        text    not null
) strict;

-- Sealed visits: blocks of up to 65536 of them. Blocks never overlap, and all lie up to state.sealed_watermark. A block
-- is written once and never changed; what changes its visits writes another one.
create table block (
  id       integer primary key autoincrement,
  first_id integer not null unique,  -- of its visits
  last_id  integer not null,
  visits   integer not null
) strict;

-- The columns of blocks, each by itself, as a question reads few of them: see column_codec.cc for the bytes.
-- id = block.id << 4 | 0 times, 1 pages, 2 clients, 3 user agents, 4 sources.
create table block_column (id integer primary key, codes blob not null) strict;

-- A page's visits up to state.sealed_watermark, and its unique clients as far as page_clients holds them.
-- Page 0 is the whole site: it has clients, but no visits of its own, as those are the sum of the pages'.
create table page_total (
  page_id integer primary key,
  visits  integer not null,
  clients integer not null
) strict;

-- Who visited a page, of the visits up to state.clients_watermark, and of those up to clients_target the ones before
-- clients_cursor: its set of clients in parts of some hundred bytes.
-- id = page_id << 33 | the client_id that the part begins at; it ends at the page's next part. One number, as a table's
-- own key makes a far flatter tree than an index whose inner nodes hold whole parts. clients packs ids: see packed_ids.h.
create table page_clients (id integer primary key, clients blob not null) strict;

-- Attributes of texts (a page's host, an agent's browser), which follow from them and are worked out once. A value is a
-- number by which its attribute's codes refer to it, 0 is the empty one. attribute is its number in dimension.h.
create table attribute_value (
  attribute integer not null,
  code      integer not null,
  value     text    not null,
  primary key (attribute, code)
) strict, without rowid;
-- The codes of 4096 ids after each other of the attribute's dictionary, 4 bytes each, lowest first.
-- id = attribute << 40 | the first of the ids / 4096.
create table attribute_codes (id integer primary key, codes blob not null) strict;
-- Up to which id the texts of a dictionary have their codes, and by which version of the lists. Those after it are
-- looked at by each question.
create table attribute_progress (
  column_number integer primary key,  -- in dimension.h
  version       text    not null,
  last_id       integer not null
) strict;

-- One row: how far visits are sealed and counted, the last ids given out, and the marks of the write-ahead log.
-- clients_watermark <= clients_target <= sealed_watermark while clients are being counted; see log_state.h.
create table state (
  id                integer primary key check (id = 1),
  sealed_watermark  integer not null default 0,  -- a visit.id
  clients_watermark integer not null default 0,  -- a visit.id
  clients_target    integer not null default 0,  -- a visit.id
  clients_cursor    integer not null default 0,  -- page_id << 33 | client_id: those before it are counted up to the target
  generation        integer not null default 0,  -- grows when what workers remember of texts and totals is void
  last_page_id      integer not null default 0,  -- given out last; 0 before the first
  last_client_id    integer not null default 0,
  last_agent_id     integer not null default 0,
  last_source_id    integer not null default 0,
  touches           integer not null default 0,  -- changed for nothing but to make a frame of the write-ahead log
  database_id       blob    not null,            -- another one in each database and each backup
  mark              integer not null default 0,  -- see log_ownership.cc
  file_mark         integer not null default 0
) strict;
insert into state (id, database_id) values (1, randomblob(16));
