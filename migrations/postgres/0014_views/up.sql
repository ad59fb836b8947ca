-- What a person keeps for themselves: lists under a name, and the cases opened last. Personal, not clinical.
CREATE TABLE saved_views (
    id         uuid             NOT NULL,
    user_id    uuid             NOT NULL REFERENCES users (id),
    name       text COLLATE "C" NOT NULL CHECK (name <> ''),
    -- An address of this site without patient data, as the lab wrote it.
    address    text COLLATE "C" NOT NULL CHECK (address LIKE '/%'),
    created_at timestamptz      NOT NULL,
    CONSTRAINT saved_views_id_key PRIMARY KEY (id),
    CONSTRAINT saved_views_user_id_name_key UNIQUE (user_id, name)
);

CREATE TABLE opened_cases (
    user_id   uuid        NOT NULL REFERENCES users (id),
    case_id   uuid        NOT NULL REFERENCES cases (id),
    opened_at timestamptz NOT NULL,
    CONSTRAINT opened_cases_user_id_case_id_key PRIMARY KEY (user_id, case_id)
);

CREATE INDEX opened_cases_user_id_opened_at ON opened_cases (user_id, opened_at);
