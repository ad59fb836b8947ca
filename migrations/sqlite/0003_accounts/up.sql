CREATE TABLE users (
    id            TEXT    NOT NULL CHECK (length(id) = 36),
    name          TEXT    NOT NULL CHECK (name = lower(name) AND name <> ''),
    full_name     TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    -- Role words separated by single spaces; which words there are is the domain's business.
    roles         TEXT    NOT NULL,
    disabled_at   TEXT             CHECK (disabled_at GLOB '????-??-??T??:??:??.??????Z'),
    created_at    TEXT    NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    version       INTEGER NOT NULL CHECK (version >= 0),
    CONSTRAINT users_id_key PRIMARY KEY (id),
    CONSTRAINT users_name_key UNIQUE (name)
) STRICT;

-- Only the hash of the cookie is kept: a stolen copy of the database opens no session.
CREATE TABLE sessions (
    id_hash          TEXT NOT NULL,
    user_id          TEXT NOT NULL REFERENCES users (id),
    csrf             TEXT NOT NULL,
    created_at       TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    seen_at          TEXT NOT NULL CHECK (seen_at GLOB '????-??-??T??:??:??.??????Z'),
    expires_at       TEXT NOT NULL CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    authenticated_at TEXT NOT NULL CHECK (authenticated_at GLOB '????-??-??T??:??:??.??????Z'),
    bench            TEXT,
    CONSTRAINT sessions_id_hash_key PRIMARY KEY (id_hash)
) STRICT;

CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE tokens (
    id           TEXT NOT NULL CHECK (length(id) = 36),
    hash         TEXT NOT NULL,
    user_id      TEXT NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    scope        TEXT NOT NULL,
    created_at   TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    expires_at   TEXT NOT NULL CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z'),
    revoked_at   TEXT          CHECK (revoked_at GLOB '????-??-??T??:??:??.??????Z'),
    last_used_at TEXT          CHECK (last_used_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT tokens_id_key PRIMARY KEY (id),
    CONSTRAINT tokens_hash_key UNIQUE (hash)
) STRICT;

CREATE INDEX tokens_user_id ON tokens (user_id);

-- By the name that was typed, whether or not such a user exists.
CREATE TABLE login_failures (
    name    TEXT    NOT NULL,
    count   INTEGER NOT NULL CHECK (count >= 1),
    last_at TEXT    NOT NULL CHECK (last_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT login_failures_name_key PRIMARY KEY (name)
) STRICT;

CREATE INDEX login_failures_last_at ON login_failures (last_at);

-- Every catalogue that was ever in force, whole: an old result is read with the catalogue of its day.
CREATE TABLE catalogues (
    version   INTEGER NOT NULL CHECK (version >= 1),
    loaded_at TEXT    NOT NULL CHECK (loaded_at GLOB '????-??-??T??:??:??.??????Z'),
    loaded_by TEXT    NOT NULL,
    sha256    TEXT    NOT NULL CHECK (length(sha256) = 64),
    text      TEXT    NOT NULL,
    CONSTRAINT catalogues_version_key PRIMARY KEY (version)
) STRICT;
