DROP INDEX cases_recollect;
ALTER TABLE cases DROP COLUMN recollect_since;
