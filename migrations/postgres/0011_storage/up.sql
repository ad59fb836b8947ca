-- The position of a storage place that a stored part occupies, such as FREEZER-80A:B3. Two parts never share one.
ALTER TABLE specimens ADD COLUMN slot text COLLATE "C";

CREATE UNIQUE INDEX specimens_slot_key ON specimens (slot)
    WHERE slot IS NOT NULL;
CREATE INDEX specimens_stored ON specimens (kind, id)
    WHERE state = 'stored';
