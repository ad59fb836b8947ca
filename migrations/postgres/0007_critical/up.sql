-- By when somebody must be told of the most pressing critical finding of a case that nobody has heard yet.
ALTER TABLE cases ADD COLUMN critical_due_at timestamptz;

CREATE INDEX cases_critical ON cases (critical_due_at, id)
    WHERE critical_due_at IS NOT NULL;
