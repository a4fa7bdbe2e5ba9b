-- Proves that the file can be written. For /health.
update state set probed_at_ms = :now_ms;
