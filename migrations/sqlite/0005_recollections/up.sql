-- Since when the oldest part that is still to be taken again has been asked for: the list of recollections.

ALTER TABLE cases ADD COLUMN recollect_since TEXT CHECK (recollect_since GLOB '????-??-??T??:??:??.??????Z');

-- A moment in a body has as many decimals as it needs, in a column always six.
UPDATE cases SET recollect_since = (
    SELECT min(substr(opened, 1, 19) || '.' || substr(rtrim(substr(opened, 21), 'Z') || '000000', 1, 6) || 'Z')
    FROM (
        SELECT json_extract(value, '$.opened_at') AS opened
        FROM json_each(cases.body, '$.recollections')
        WHERE json_extract(value, '$.satisfied_by') IS NULL
    )
);

CREATE INDEX cases_recollect ON cases (recollect_since, id)
    WHERE recollect_since IS NOT NULL;
