-- Facts about the database itself. Its presence marks the database as Trephine's:
-- a database with other tables and without this one is refused.
CREATE TABLE trephine_meta (
    key   text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    CONSTRAINT trephine_meta_key_key PRIMARY KEY (key)
);

INSERT INTO trephine_meta (key, value) VALUES ('product', 'trephine');

-- Numbers that must have no gap: taken in the transaction that uses them, so a rollback gives them back.
CREATE TABLE counters (
    scope text COLLATE "C" NOT NULL,
    last  bigint           NOT NULL CHECK (last >= 1),
    CONSTRAINT counters_scope_key PRIMARY KEY (scope)
);

-- What was answered to a request, so that a retry gets the same answer and changes nothing.
CREATE TABLE idempotency (
    actor_id   uuid             NOT NULL,
    key        text COLLATE "C" NOT NULL,
    body_hash  text COLLATE "C" NOT NULL,
    status     integer          NOT NULL,
    answer     text COLLATE "C" NOT NULL,
    created_at timestamptz      NOT NULL,
    CONSTRAINT idempotency_actor_id_key_key PRIMARY KEY (actor_id, key)
);

CREATE INDEX idempotency_created_at ON idempotency (created_at);
