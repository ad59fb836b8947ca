-- Everything that ever happened, one hash chain per stream. Rows are only ever added.
CREATE TABLE journal (
    position    INTEGER NOT NULL,
    stream      TEXT    NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    recorded_at TEXT    NOT NULL CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z'),
    occurred_at TEXT             CHECK (occurred_at GLOB '????-??-??T??:??:??.??????Z'),
    actor_id    TEXT    NOT NULL CHECK (length(actor_id) = 36),
    actor       TEXT    NOT NULL,
    command     TEXT    NOT NULL,
    reason      TEXT,
    request_id  TEXT    NOT NULL,
    -- Plain text on both engines: jsonb would reorder keys, and the hash covers the bytes.
    body        TEXT    NOT NULL CHECK (json_valid(body)),
    previous    TEXT    NOT NULL CHECK (length(previous) = 64),
    hash        TEXT    NOT NULL CHECK (length(hash) = 64),
    CONSTRAINT journal_position_key PRIMARY KEY (position),
    CONSTRAINT journal_stream_seq_key UNIQUE (stream, seq)
) STRICT;

-- REPLACE deletes without a word unless recursive_triggers is ON: every connection of ours sets it.
CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
