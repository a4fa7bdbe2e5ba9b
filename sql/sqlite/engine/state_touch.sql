-- Changes the file by one frame of the write-ahead log. For checkpoints.
update state set touches = touches + 1;
