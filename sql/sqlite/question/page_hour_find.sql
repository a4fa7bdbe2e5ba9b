-- One page's hour. For rolling up and /stats/<url>.
select visits, agents from page_hour where hour = :hour and page_id = :page_id;
