-- Changes the file by one frame of the write-ahead log. For checkpoints.
update state set probed_at_ms = probed_at_ms + 1;
