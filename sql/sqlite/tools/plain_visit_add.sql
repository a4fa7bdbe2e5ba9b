-- Adds a visit to a plain file. For page-count export.
insert into visits (id, url, ip_address, user_agent, timestamp) values (:id, :url, :ip_address, :user_agent, :timestamp);
