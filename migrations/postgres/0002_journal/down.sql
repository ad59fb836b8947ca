DROP TRIGGER journal_refuses_truncate ON journal;
DROP TRIGGER journal_refuses_delete ON journal;
DROP TRIGGER journal_refuses_update ON journal;
DROP TABLE journal;
DROP FUNCTION journal_refuses_change();
