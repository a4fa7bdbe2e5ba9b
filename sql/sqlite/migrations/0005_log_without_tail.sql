-- Recording writes the log itself, and the tail is gone: most ids of pages and user agents are remembered, and a row of
-- four integers is a fifth of one with its texts. A client that is no IPv4 address gets its id later, with the totals of
-- pages: until then log.client_id is 0 and the address stands in visit_ip. filed_id says from now on how far both are
-- done; the log goes on behind it.
create table visit_ip (id integer primary key, ip text not null) strict;
drop view visits;
alter table tail rename to old_tail;
alter table visit rename to log;
create view visits as
select v.id, p.url,
       case when v.client_id > 4294967296 then (select ip from text_client where id = v.client_id)
            when v.client_id = 0 then (select ip from visit_ip where id = v.id)
            else ((v.client_id - 1) >> 24) || '.' || (((v.client_id - 1) >> 16) & 255) || '.' ||
                 (((v.client_id - 1) >> 8) & 255) || '.' || ((v.client_id - 1) & 255)
       end as ip_address,
       a.name as user_agent, datetime((v.id >> 20) / 1000, 'unixepoch') as timestamp
from   log v join page p on p.id = v.page_id join agent a on a.id = v.agent_id;

-- A worker of the version before, which serves on for some seconds, goes on recording and answering with what looks like
-- its log and its tail. It can neither file, nor import, nor clean up.
create view visit as select * from log where id <= (select filed_id from state);
create view tail as
select id, url, ip_address as ip, user_agent from visits where id > (select filed_id from state);

create trigger tail_insert instead of insert on tail begin
  update state set last_page_id = last_page_id + 1 where not exists (select 1 from page where url = new.url);
  insert into page select last_page_id, new.url from state where not exists (select 1 from page where url = new.url);
  update state set last_agent_id = last_agent_id + 1 where not exists (select 1 from agent where name = new.user_agent);
  insert into agent
  select last_agent_id, new.user_agent from state where not exists (select 1 from agent where name = new.user_agent);

  -- An IPv4 address is its own id. It is one where its four numbers, put together again, are the same text.
  insert into log (id, page_id, client_id, agent_id)
  select new.id, (select id from page where url = new.url),
         case when max(a, b, c, d) > 255 or min(a, b, c, d) < 0 or new.ip <> a || '.' || b || '.' || c || '.' || d then 0
              else 1 + (a << 24) + (b << 16) + (c << 8) + d
         end,
         (select id from agent where name = new.user_agent)
  from   (select a, b, cast(substr(cd, 1, instr(cd, '.') - 1) as integer) as c,
                 cast(substr(cd, instr(cd, '.') + 1) as integer) as d
          from   (select a, cast(substr(bcd, 1, instr(bcd, '.') - 1) as integer) as b,
                         substr(bcd, instr(bcd, '.') + 1) as cd
                  from   (select cast(substr(new.ip, 1, instr(new.ip, '.') - 1) as integer) as a,
                                 substr(new.ip, instr(new.ip, '.') + 1) as bcd)));

  insert into visit_ip select new.id, new.ip from log where id = new.id and client_id = 0;
end;

insert into tail select id, url, ip, user_agent from old_tail order by id;
drop table old_tail;

-- What it remembers of totals and ids is void.
update state set epoch = epoch + 1;
