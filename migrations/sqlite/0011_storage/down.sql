DROP INDEX specimens_stored;
DROP INDEX specimens_slot_key;
ALTER TABLE specimens DROP COLUMN slot;
