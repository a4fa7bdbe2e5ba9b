-- The ids that texts got last. They are never used again.
update state
set    last_page_id = :last_page_id, last_client_id = :last_client_id, last_agent_id = :last_agent_id,
       last_source_id = :last_source_id;
