-- What other laboratories sent back, byte for byte (42 CFR 493.1291(i)). Rows are only ever added.
CREATE TABLE documents (
    id         uuid             NOT NULL,
    case_id    uuid             NOT NULL REFERENCES cases (id),
    order_id   uuid             NOT NULL REFERENCES orders (id),
    media_type text COLLATE "C" NOT NULL CHECK (media_type IN (
        'application/pdf', 'text/plain', 'image/png', 'image/jpeg', 'application/hl7-v2')),
    file_name  text COLLATE "C" NOT NULL,
    size       bigint           NOT NULL CHECK (size >= 1),
    sha256     text COLLATE "C" NOT NULL CHECK (length(sha256) = 64),
    bytes      bytea            NOT NULL CHECK (length(bytes) = size),
    added_by   uuid             NOT NULL,
    added_at   timestamptz      NOT NULL,
    CONSTRAINT documents_id_key PRIMARY KEY (id),
    CONSTRAINT documents_order_id_sha256_key UNIQUE (order_id, sha256)
);

CREATE INDEX documents_case_id ON documents (case_id);

CREATE FUNCTION documents_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'documents are kept as they came';
END
$$;

CREATE TRIGGER documents_refuses_update BEFORE UPDATE ON documents
    FOR EACH ROW EXECUTE FUNCTION documents_refuses_change();

CREATE TRIGGER documents_refuses_delete BEFORE DELETE ON documents
    FOR EACH ROW EXECUTE FUNCTION documents_refuses_change();

CREATE TRIGGER documents_refuses_truncate BEFORE TRUNCATE ON documents
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuses_change();
