-- After a cleanup or an import: what was remembered of texts and totals is void.
update state set generation = generation + 1;
