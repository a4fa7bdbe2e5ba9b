-- Whether the write-ahead log beside the file is the file's own: see log_ownership.h. database_id is another one in each
-- database and in each backup. mark grows whenever all of the log is about to be moved into the file, and again as the
-- log starts over; file_mark is the mark that the file has at least, without its log.
alter table state add column database_id blob    not null default x'';
alter table state add column mark        integer not null default 0;
alter table state add column file_mark   integer not null default 0;
update state set database_id = randomblob(16);
