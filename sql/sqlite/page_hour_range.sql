-- All pages' hours from one hour on. For /summary; page 0 is the site.
select hour, page_id, visits, agents from page_hour where hour >= :from_hour and page_id > 0;
