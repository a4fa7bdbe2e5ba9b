-- What kind of database this is: see schema.sql. For the table visits, which may be looked for in somebody else's.
select a.application_id, v.user_version from pragma_application_id a, pragma_user_version v;
