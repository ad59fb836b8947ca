-- The clinical rows: what the journal says, folded. Columns are what lists filter and sort by; the rest is in body.

CREATE TABLE patients (
    id          uuid             NOT NULL,
    mrn         text COLLATE "C" NOT NULL,
    family_name text COLLATE "C" NOT NULL,
    given_name  text COLLATE "C" NOT NULL,
    -- Lower-cased and normalized, for search: LIKE differs between the engines, ranges over this do not.
    name_key    text COLLATE "C" NOT NULL,
    born        text COLLATE "C",
    sex         text COLLATE "C" NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    version     bigint           NOT NULL CHECK (version >= 0),
    body        jsonb            NOT NULL,
    CONSTRAINT patients_id_key PRIMARY KEY (id),
    CONSTRAINT patients_mrn_key UNIQUE (mrn)
);

CREATE INDEX patients_name_key ON patients (name_key);

CREATE TABLE cases (
    id           uuid             NOT NULL,
    accession    text COLLATE "C" NOT NULL,
    external_ref text COLLATE "C",
    patient_id   uuid             NOT NULL REFERENCES patients (id),
    indication   text COLLATE "C" NOT NULL,
    urgency      text COLLATE "C" NOT NULL CHECK (urgency IN ('routine', 'urgent')),
    requester    text COLLATE "C" NOT NULL,
    stage        text COLLATE "C" NOT NULL CHECK (stage IN (
        'expected', 'in_lab', 'testing', 'resulted', 'preliminary', 'reported', 'closed', 'void')),
    logged_at    timestamptz      NOT NULL,
    collected_at timestamptz,
    due_at       timestamptz,
    late         boolean          NOT NULL,
    closed_at    timestamptz,
    version      bigint           NOT NULL CHECK (version >= 0),
    -- The head of the case's journal chain, so that an append reads nothing.
    journal_seq  bigint           NOT NULL CHECK (journal_seq >= 0),
    journal_hash text COLLATE "C" NOT NULL CHECK (length(journal_hash) = 64),
    body         jsonb            NOT NULL,
    CONSTRAINT cases_id_key PRIMARY KEY (id),
    CONSTRAINT cases_accession_key UNIQUE (accession),
    CONSTRAINT cases_external_ref_key UNIQUE (external_ref)
);

CREATE INDEX cases_logged_at ON cases (logged_at, id);
CREATE INDEX cases_requester ON cases (requester, logged_at, id);
CREATE INDEX cases_stage ON cases (stage, logged_at, id);
CREATE INDEX cases_patient_id ON cases (patient_id);

CREATE TABLE specimens (
    id           uuid             NOT NULL,
    case_id      uuid             NOT NULL REFERENCES cases (id),
    label        text COLLATE "C" NOT NULL,
    kind         text COLLATE "C" NOT NULL CHECK (kind IN (
        'aspirate', 'core', 'smear', 'imprint', 'clot', 'blood', 'block', 'slide', 'pellet', 'nucleic_acid')),
    state        text COLLATE "C" NOT NULL CHECK (state IN (
        'planned', 'not_collected', 'collected', 'in_transit', 'received', 'on_hold', 'accepted', 'in_process',
        'stored', 'referred_out', 'rejected', 'exhausted', 'lost', 'discarded', 'entered_in_error')),
    container    text COLLATE "C" NOT NULL,
    location     text COLLATE "C",
    collected_at timestamptz,
    received_at  timestamptz,
    version      bigint           NOT NULL CHECK (version >= 0),
    body         jsonb            NOT NULL,
    CONSTRAINT specimens_id_key PRIMARY KEY (id),
    CONSTRAINT specimens_label_key UNIQUE (label)
);

CREATE INDEX specimens_case_id ON specimens (case_id);
CREATE INDEX specimens_awaited ON specimens (state, id)
    WHERE state IN ('planned', 'collected', 'in_transit', 'received', 'on_hold');

CREATE TABLE orders (
    id          uuid             NOT NULL,
    case_id     uuid             NOT NULL REFERENCES cases (id),
    assay       text COLLATE "C" NOT NULL,
    department  text COLLATE "C" NOT NULL,
    state       text COLLATE "C" NOT NULL CHECK (state IN (
        'suggested', 'ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted', 'in_review', 'final',
        'referred_out', 'needs_recollect', 'failed', 'not_performed', 'cancelled', 'entered_in_error')),
    urgency     text COLLATE "C" NOT NULL CHECK (urgency IN ('routine', 'urgent')),
    specimen_id uuid                      REFERENCES specimens (id),
    due_at      timestamptz,
    -- The moment by which it should be touched: one sort key for the worklist, never null.
    urgent_by   timestamptz      NOT NULL,
    hold_until  timestamptz,
    overdue     boolean          NOT NULL,
    version     bigint           NOT NULL CHECK (version >= 0),
    body        jsonb            NOT NULL,
    CONSTRAINT orders_id_key PRIMARY KEY (id)
);

CREATE INDEX orders_case_id ON orders (case_id);
CREATE INDEX orders_worklist ON orders (department, urgent_by, id)
    WHERE state IN ('ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted', 'in_review',
        'referred_out', 'needs_recollect', 'failed');
CREATE INDEX orders_held ON orders (hold_until)
    WHERE state = 'held';
CREATE INDEX orders_coming_due ON orders (due_at)
    WHERE NOT overdue AND state IN ('ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted',
        'in_review', 'referred_out', 'needs_recollect', 'failed');

CREATE TABLE results (
    id         uuid             NOT NULL,
    case_id    uuid             NOT NULL REFERENCES cases (id),
    order_id   uuid             NOT NULL REFERENCES orders (id),
    number     bigint           NOT NULL CHECK (number >= 1),
    state      text COLLATE "C" NOT NULL CHECK (state IN (
        'draft', 'preliminary', 'final', 'corrected', 'amended', 'appended', 'retracted')),
    entered_by uuid             NOT NULL,
    version    bigint           NOT NULL CHECK (version >= 0),
    body       jsonb            NOT NULL,
    CONSTRAINT results_id_key PRIMARY KEY (id),
    CONSTRAINT results_order_id_number_key UNIQUE (order_id, number)
);

CREATE INDEX results_case_id ON results (case_id);

CREATE TABLE reports (
    id      uuid             NOT NULL,
    case_id uuid             NOT NULL REFERENCES cases (id),
    number  bigint           NOT NULL CHECK (number >= 1),
    state   text COLLATE "C" NOT NULL CHECK (state IN (
        'draft', 'preliminary', 'final', 'appended', 'amended', 'corrected', 'void')),
    version bigint           NOT NULL CHECK (version >= 0),
    body    jsonb            NOT NULL,
    CONSTRAINT reports_id_key PRIMARY KEY (id),
    CONSTRAINT reports_case_id_number_key UNIQUE (case_id, number)
);
