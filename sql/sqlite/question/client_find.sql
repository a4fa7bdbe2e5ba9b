-- A client's id. For questions that ask for one.
select id from client where address = cast(:address as blob);
