-- A compact copy of all that is committed, in a new file. For page-count backup.
vacuum into :path;
