-- The table of the page_count that page-count takes the place of, in a file of its own. For page-count export.
create table if not exists visits (
  id         integer primary key,
  url        varchar not null,
  ip_address varchar,
  user_agent varchar,
  timestamp  datetime default current_timestamp
);
