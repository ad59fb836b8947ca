CREATE TABLE users (
    id            uuid             NOT NULL,
    name          text COLLATE "C" NOT NULL CHECK (name = lower(name) AND name <> ''),
    full_name     text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C" NOT NULL,
    -- Role words separated by single spaces; which words there are is the domain's business.
    roles         text COLLATE "C" NOT NULL,
    disabled_at   timestamptz,
    created_at    timestamptz      NOT NULL,
    version       bigint           NOT NULL CHECK (version >= 0),
    CONSTRAINT users_id_key PRIMARY KEY (id),
    CONSTRAINT users_name_key UNIQUE (name)
);

-- Only the hash of the cookie is kept: a stolen copy of the database opens no session.
CREATE TABLE sessions (
    id_hash          text COLLATE "C" NOT NULL,
    user_id          uuid             NOT NULL REFERENCES users (id),
    csrf             text COLLATE "C" NOT NULL,
    created_at       timestamptz      NOT NULL,
    seen_at          timestamptz      NOT NULL,
    expires_at       timestamptz      NOT NULL,
    authenticated_at timestamptz      NOT NULL,
    bench            text COLLATE "C",
    CONSTRAINT sessions_id_hash_key PRIMARY KEY (id_hash)
);

CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE tokens (
    id           uuid             NOT NULL,
    hash         text COLLATE "C" NOT NULL,
    user_id      uuid             NOT NULL REFERENCES users (id),
    name         text COLLATE "C" NOT NULL,
    scope        text COLLATE "C" NOT NULL,
    created_at   timestamptz      NOT NULL,
    expires_at   timestamptz      NOT NULL,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    CONSTRAINT tokens_id_key PRIMARY KEY (id),
    CONSTRAINT tokens_hash_key UNIQUE (hash)
);

CREATE INDEX tokens_user_id ON tokens (user_id);

-- By the name that was typed, whether or not such a user exists.
CREATE TABLE login_failures (
    name    text COLLATE "C" NOT NULL,
    count   bigint           NOT NULL CHECK (count >= 1),
    last_at timestamptz      NOT NULL,
    CONSTRAINT login_failures_name_key PRIMARY KEY (name)
);

CREATE INDEX login_failures_last_at ON login_failures (last_at);

-- Every catalogue that was ever in force, whole: an old result is read with the catalogue of its day.
CREATE TABLE catalogues (
    version   bigint           NOT NULL CHECK (version >= 1),
    loaded_at timestamptz      NOT NULL,
    loaded_by text COLLATE "C" NOT NULL,
    sha256    text COLLATE "C" NOT NULL CHECK (length(sha256) = 64),
    text      text COLLATE "C" NOT NULL,
    CONSTRAINT catalogues_version_key PRIMARY KEY (version)
);
