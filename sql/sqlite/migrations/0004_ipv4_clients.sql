-- An IPv4 address becomes its own client_id (its number, plus one): most visits need no row of client, and nothing is
-- looked up for them. Other texts keep their rows, in text_client, with ids behind 4294967296.
create table moved_client (old_id integer primary key, new_id integer not null) strict;

-- A text of digits and dots is an IPv4 address where its numbers make a JSON array of four, none of them above 255: JSON
-- refuses leading zeros, and what stands for two dots in a row.
insert into moved_client
select id, coalesce(case when ip glob '*[^0-9.]*' or not json_valid(numbers) then null
                         when json_array_length(numbers) <> 4 then null
                         when max(numbers ->> 0, numbers ->> 1, numbers ->> 2, numbers ->> 3) > 255 then null
                         else 1 + (((numbers ->> 0) << 24) + ((numbers ->> 1) << 16) + ((numbers ->> 2) << 8) + (numbers ->> 3))
                    end, id + 4294967296)
from   (select id, ip, '[' || replace(ip, '.', ',') || ']' as numbers from client);

update visit set client_id = coalesce((select new_id from moved_client where old_id = client_id), client_id + 4294967296);
delete from client where id in (select old_id from moved_client where new_id <= 4294967296);
update client set id = id + 4294967296;
update state set last_client_id = last_client_id + 4294967296;
drop table moved_client;

drop view visits;

-- A worker of before, which serves on for some seconds, must not file or count by ids that it remembers: the epoch makes
-- it look them up, and the table's new name stops it there.
update state set epoch = epoch + 1;
alter table client rename to text_client;

-- All rollups are made anew from the log, as in 0002.
delete from page_clients;
delete from page_hour;
delete from site_hour;
delete from agent_total;
update page_total set clients = 0;
update state set rolled_up_id = 0, rolling_up_id = 0, rolling_up_page = 0, rolling_up_client = 0;

create view visits as
select v.id, p.url,
       case when v.client_id > 4294967296 then (select ip from text_client where id = v.client_id)
            else ((v.client_id - 1) >> 24) || '.' || (((v.client_id - 1) >> 16) & 255) || '.' ||
                 (((v.client_id - 1) >> 8) & 255) || '.' || ((v.client_id - 1) & 255)
       end as ip_address,
       a.name as user_agent, datetime((v.id >> 20) / 1000, 'unixepoch') as timestamp
from   visit v join page p on p.id = v.page_id join agent a on a.id = v.agent_id
union all
select id, url, ip, user_agent, datetime((id >> 20) / 1000, 'unixepoch') from tail;
