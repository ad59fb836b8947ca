-- Exports that run beside the pages: who asked for what, how far it is, where the file is. Rows go when files go.
CREATE TABLE export_jobs (
    id          TEXT    NOT NULL CHECK (length(id) = 36),
    user_id     TEXT    NOT NULL REFERENCES users (id),
    dataset     TEXT    NOT NULL,
    request     TEXT    NOT NULL CHECK (json_valid(request)),
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled')),
    rows_done   INTEGER NOT NULL CHECK (rows_done >= 0),
    cases_done  INTEGER NOT NULL CHECK (cases_done >= 0),
    cases_total INTEGER NOT NULL CHECK (cases_total >= 0),
    bytes       INTEGER          CHECK (bytes >= 0),
    file        TEXT,
    error       TEXT,
    created_at  TEXT    NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    seen_at     TEXT    NOT NULL CHECK (seen_at GLOB '????-??-??T??:??:??.??????Z'),
    finished_at TEXT             CHECK (finished_at GLOB '????-??-??T??:??:??.??????Z'),
    expires_at  TEXT    NOT NULL CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT export_jobs_id_key PRIMARY KEY (id),
    CHECK ((state = 'done') = (file IS NOT NULL))
) STRICT;

CREATE INDEX export_jobs_user ON export_jobs (user_id, created_at);
CREATE INDEX export_jobs_expires ON export_jobs (expires_at);
