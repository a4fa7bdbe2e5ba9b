-- The first change of a log that starts over: the file has all that was before it.
update state set file_mark = mark, mark = mark + 1;
