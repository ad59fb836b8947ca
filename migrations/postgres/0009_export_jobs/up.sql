-- Exports that run beside the pages: who asked for what, how far it is, where the file is. Rows go when files go.
CREATE TABLE export_jobs (
    id          uuid             NOT NULL,
    user_id     uuid             NOT NULL REFERENCES users (id),
    dataset     text COLLATE "C" NOT NULL,
    request     jsonb            NOT NULL,
    state       text COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled')),
    rows_done   bigint           NOT NULL CHECK (rows_done >= 0),
    cases_done  bigint           NOT NULL CHECK (cases_done >= 0),
    cases_total bigint           NOT NULL CHECK (cases_total >= 0),
    bytes       bigint                    CHECK (bytes >= 0),
    file        text COLLATE "C",
    error       text COLLATE "C",
    created_at  timestamptz      NOT NULL,
    seen_at     timestamptz      NOT NULL,
    finished_at timestamptz,
    expires_at  timestamptz      NOT NULL,
    CONSTRAINT export_jobs_id_key PRIMARY KEY (id),
    CHECK ((state = 'done') = (file IS NOT NULL))
);

CREATE INDEX export_jobs_user ON export_jobs (user_id, created_at);
CREATE INDEX export_jobs_expires ON export_jobs (expires_at);
