-- The last change of a log, before a checkpoint that moves all of it.
update state set mark = mark + 1;
