DROP INDEX cases_due;
DROP INDEX results_drafts;
DROP INDEX orders_tallied;
DROP INDEX orders_due;
ALTER TABLE orders DROP COLUMN worker;
