DROP INDEX cases_critical;
ALTER TABLE cases DROP COLUMN critical_due_at;
