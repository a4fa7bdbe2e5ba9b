-- A block of sealed visits; returns its id.
insert into block (first_id, last_id, visits) values (:first_id, :last_id, :visits) returning id;
