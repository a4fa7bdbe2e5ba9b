-- All pages' hours from one hour on. For /summary.
select hour, page_id, visits, agents from page_hour where hour >= :from_hour;
