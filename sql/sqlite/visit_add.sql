-- One visit into the log.
insert into visit (id, page_id, client_id, agent_id) values (:id, :page_id, :client_id, :agent_id);
