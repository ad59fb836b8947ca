-- Forms that somebody has begun and not sent yet. Personal: nobody else reads them, and they end after a few days.
CREATE TABLE drafts (
    user_id    uuid             NOT NULL REFERENCES users (id),
    -- Which form, such as `cases/new#3f9a0c1d`. Never holds anything about a patient.
    place      text COLLATE "C" NOT NULL CHECK (place <> ''),
    begun_at   timestamptz      NOT NULL,
    updated_at timestamptz      NOT NULL,
    body       jsonb            NOT NULL,
    CONSTRAINT drafts_user_id_place_key PRIMARY KEY (user_id, place)
);

CREATE INDEX drafts_updated_at ON drafts (updated_at);
