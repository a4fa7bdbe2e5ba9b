-- How many request ids are to be moved.
select count(*) as ids from recent_request_id;
