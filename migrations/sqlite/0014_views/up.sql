-- What a person keeps for themselves: lists under a name, and the cases opened last. Personal, not clinical.
CREATE TABLE saved_views (
    id         TEXT NOT NULL CHECK (length(id) = 36),
    user_id    TEXT NOT NULL REFERENCES users (id),
    name       TEXT NOT NULL CHECK (name <> ''),
    -- An address of this site without patient data, as the lab wrote it.
    address    TEXT NOT NULL CHECK (address LIKE '/%'),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT saved_views_id_key PRIMARY KEY (id),
    CONSTRAINT saved_views_user_id_name_key UNIQUE (user_id, name)
) STRICT;

CREATE TABLE opened_cases (
    user_id   TEXT NOT NULL REFERENCES users (id),
    case_id   TEXT NOT NULL REFERENCES cases (id),
    opened_at TEXT NOT NULL CHECK (opened_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT opened_cases_user_id_case_id_key PRIMARY KEY (user_id, case_id)
) STRICT;

CREATE INDEX opened_cases_user_id_opened_at ON opened_cases (user_id, opened_at);
