-- Up to which visit the pages' totals count the log.
update state set totals_watermark = :totals_watermark;
