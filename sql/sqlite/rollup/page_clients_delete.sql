-- A part that cleaning up left without clients.
delete from page_clients where id = :id;
