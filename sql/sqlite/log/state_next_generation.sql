-- After a cleanup or an import: caches of texts and totals are void.
update state set generation = generation + 1;
