-- The pages whose URLs lie in a range: those that begin with a text. For questions that ask for a prefix.
select id from page where url >= :from_url and url < :before_url;
