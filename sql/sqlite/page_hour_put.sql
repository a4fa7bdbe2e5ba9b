-- One page's hour, as it is after rolling up.
insert or replace into page_hour (hour, page_id, visits, agents) values (:hour, :page_id, :visits, :agents);
