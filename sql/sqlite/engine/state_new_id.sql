-- Makes a copy a database of its own, so that no log of the original is taken for the copy's.
update state set database_id = randomblob(16);
