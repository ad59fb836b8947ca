-- What other laboratories sent back, byte for byte (42 CFR 493.1291(i)). Rows are only ever added.
CREATE TABLE documents (
    id         TEXT    NOT NULL CHECK (length(id) = 36),
    case_id    TEXT    NOT NULL REFERENCES cases (id),
    order_id   TEXT    NOT NULL REFERENCES orders (id),
    media_type TEXT    NOT NULL CHECK (media_type IN (
        'application/pdf', 'text/plain', 'image/png', 'image/jpeg', 'application/hl7-v2')),
    file_name  TEXT    NOT NULL,
    size       INTEGER NOT NULL CHECK (size >= 1),
    sha256     TEXT    NOT NULL CHECK (length(sha256) = 64),
    bytes      BLOB    NOT NULL CHECK (length(bytes) = size),
    added_by   TEXT    NOT NULL CHECK (length(added_by) = 36),
    added_at   TEXT    NOT NULL CHECK (added_at GLOB '????-??-??T??:??:??.??????Z'),
    CONSTRAINT documents_id_key PRIMARY KEY (id),
    CONSTRAINT documents_order_id_sha256_key UNIQUE (order_id, sha256)
) STRICT;

CREATE INDEX documents_case_id ON documents (case_id);

-- REPLACE deletes without a word unless recursive_triggers is ON: every connection of ours sets it.
CREATE TRIGGER documents_refuses_update BEFORE UPDATE ON documents
BEGIN
    SELECT RAISE(ABORT, 'documents are kept as they came');
END;

CREATE TRIGGER documents_refuses_delete BEFORE DELETE ON documents
BEGIN
    SELECT RAISE(ABORT, 'documents are kept as they came');
END;
