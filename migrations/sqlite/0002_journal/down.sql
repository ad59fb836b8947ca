DROP TRIGGER journal_refuses_delete;
DROP TRIGGER journal_refuses_update;
DROP TABLE journal;
