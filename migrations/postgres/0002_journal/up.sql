-- Everything that ever happened, one hash chain per stream. Rows are only ever added.
CREATE TABLE journal (
    position    bigint GENERATED ALWAYS AS IDENTITY,
    stream      text COLLATE "C" NOT NULL,
    seq         bigint           NOT NULL CHECK (seq >= 1),
    recorded_at timestamptz      NOT NULL,
    occurred_at timestamptz,
    actor_id    uuid             NOT NULL,
    actor       text COLLATE "C" NOT NULL,
    command     text COLLATE "C" NOT NULL,
    reason      text COLLATE "C",
    request_id  text COLLATE "C" NOT NULL,
    -- Plain text on both engines: jsonb would reorder keys, and the hash covers the bytes.
    body        text COLLATE "C" NOT NULL CHECK (body::json IS NOT NULL),
    previous    text COLLATE "C" NOT NULL CHECK (length(previous) = 64),
    hash        text COLLATE "C" NOT NULL CHECK (length(hash) = 64),
    CONSTRAINT journal_position_key PRIMARY KEY (position),
    CONSTRAINT journal_stream_seq_key UNIQUE (stream, seq)
);

CREATE FUNCTION journal_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END
$$;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_refuses_change();

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_refuses_change();

CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses_change();
