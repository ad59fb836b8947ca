-- Which parts are at a bench: for its queue of labels.
CREATE INDEX specimens_at_bench ON specimens (location, id)
    WHERE state IN ('received', 'on_hold', 'accepted', 'in_process');
