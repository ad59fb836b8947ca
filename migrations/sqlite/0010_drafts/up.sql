-- Forms that somebody has begun and not sent yet. Personal: nobody else reads them, and they end after a few days.
CREATE TABLE drafts (
    user_id    TEXT NOT NULL REFERENCES users (id),
    -- Which form, such as `cases/new#3f9a0c1d`. Never holds anything about a patient.
    place      TEXT NOT NULL CHECK (place <> ''),
    begun_at   TEXT NOT NULL CHECK (begun_at GLOB '????-??-??T??:??:??.??????Z'),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z'),
    body       TEXT NOT NULL CHECK (json_valid(body)),
    CONSTRAINT drafts_user_id_place_key PRIMARY KEY (user_id, place)
) STRICT;

CREATE INDEX drafts_updated_at ON drafts (updated_at);
