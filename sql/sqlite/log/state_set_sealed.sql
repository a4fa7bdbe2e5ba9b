-- Up to which visit all are sealed in blocks.
update state set sealed_watermark = :sealed_watermark;
