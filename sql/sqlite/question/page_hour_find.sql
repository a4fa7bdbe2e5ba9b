-- One page's hour. For /stats/<url> and page-count check.
select visits, agents from page_hour where hour = :hour and page_id = :page_id;
