-- One visit, as it came.
insert into tail (id, url, ip, user_agent) values (:id, :url, :ip, :user_agent);
