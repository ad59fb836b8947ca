DROP TABLE idempotency;
DROP TABLE counters;
DROP TABLE trephine_meta;
