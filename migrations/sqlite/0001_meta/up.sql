-- Marks the file as Trephine's: "TREP" in ASCII. A file without it is refused.
PRAGMA application_id = 0x54524550;

-- Facts about the database itself. PostgreSQL has no application_id: there, this table is the mark.
CREATE TABLE trephine_meta (
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT trephine_meta_key_key PRIMARY KEY (key)
) STRICT;

INSERT INTO trephine_meta (key, value) VALUES ('product', 'trephine');

-- Numbers that must have no gap: taken in the transaction that uses them, so a rollback gives them back.
CREATE TABLE counters (
    scope TEXT    NOT NULL,
    last  INTEGER NOT NULL CHECK (last >= 1),
    CONSTRAINT counters_scope_key PRIMARY KEY (scope)
) STRICT;

-- What was answered to a request, so that a retry gets the same answer and changes nothing.
CREATE TABLE idempotency (
    actor_id   TEXT    NOT NULL CHECK (length(actor_id) = 36),
    key        TEXT    NOT NULL,
    body_hash  TEXT    NOT NULL,
    status     INTEGER NOT NULL,
    answer     TEXT    NOT NULL,
    created_at TEXT    NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT idempotency_actor_id_key_key PRIMARY KEY (actor_id, key)
) STRICT;

CREATE INDEX idempotency_created_at ON idempotency (created_at);
