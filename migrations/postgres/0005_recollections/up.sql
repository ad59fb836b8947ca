-- Since when the oldest part that is still to be taken again has been asked for: the list of recollections.

ALTER TABLE cases ADD COLUMN recollect_since timestamptz;

UPDATE cases SET recollect_since = (
    SELECT min((value ->> 'opened_at')::timestamptz)
    FROM jsonb_array_elements(cases.body -> 'recollections')
    WHERE value ->> 'satisfied_by' IS NULL
);

CREATE INDEX cases_recollect ON cases (recollect_since, id)
    WHERE recollect_since IS NOT NULL;
