-- The ids that pages, clients and user agents got last. They are never used again.
update state set last_page_id = :page_id, last_client_id = :client_id, last_agent_id = :agent_id;
