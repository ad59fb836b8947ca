-- The clinical rows: what the journal says, folded. Columns are what lists filter and sort by; the rest is in body.

CREATE TABLE patients (
    id          TEXT    NOT NULL CHECK (length(id) = 36),
    mrn         TEXT    NOT NULL,
    family_name TEXT    NOT NULL,
    given_name  TEXT    NOT NULL,
    -- Lower-cased and normalized, for search: LIKE differs between the engines, ranges over this do not.
    name_key    TEXT    NOT NULL,
    born        TEXT,
    sex         TEXT    NOT NULL CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    version     INTEGER NOT NULL CHECK (version >= 0),
    body        TEXT    NOT NULL CHECK (json_valid(body)),
    CONSTRAINT patients_id_key PRIMARY KEY (id),
    CONSTRAINT patients_mrn_key UNIQUE (mrn)
) STRICT;

CREATE INDEX patients_name_key ON patients (name_key);

CREATE TABLE cases (
    id           TEXT    NOT NULL CHECK (length(id) = 36),
    accession    TEXT    NOT NULL,
    external_ref TEXT,
    patient_id   TEXT    NOT NULL REFERENCES patients (id),
    indication   TEXT    NOT NULL,
    urgency      TEXT    NOT NULL CHECK (urgency IN ('routine', 'urgent')),
    requester    TEXT    NOT NULL,
    stage        TEXT    NOT NULL CHECK (stage IN (
        'expected', 'in_lab', 'testing', 'resulted', 'preliminary', 'reported', 'closed', 'void')),
    logged_at    TEXT    NOT NULL CHECK (logged_at GLOB '????-??-??T??:??:??.??????Z'),
    collected_at TEXT             CHECK (collected_at GLOB '????-??-??T??:??:??.??????Z'),
    due_at       TEXT             CHECK (due_at GLOB '????-??-??T??:??:??.??????Z'),
    late         INTEGER NOT NULL CHECK (late IN (0, 1)),
    closed_at    TEXT             CHECK (closed_at GLOB '????-??-??T??:??:??.??????Z'),
    version      INTEGER NOT NULL CHECK (version >= 0),
    -- The head of the case's journal chain, so that an append reads nothing.
    journal_seq  INTEGER NOT NULL CHECK (journal_seq >= 0),
    journal_hash TEXT    NOT NULL CHECK (length(journal_hash) = 64),
    body         TEXT    NOT NULL CHECK (json_valid(body)),
    CONSTRAINT cases_id_key PRIMARY KEY (id),
    CONSTRAINT cases_accession_key UNIQUE (accession),
    CONSTRAINT cases_external_ref_key UNIQUE (external_ref)
) STRICT;

CREATE INDEX cases_logged_at ON cases (logged_at, id);
CREATE INDEX cases_requester ON cases (requester, logged_at, id);
CREATE INDEX cases_stage ON cases (stage, logged_at, id);
CREATE INDEX cases_patient_id ON cases (patient_id);

CREATE TABLE specimens (
    id           TEXT    NOT NULL CHECK (length(id) = 36),
    case_id      TEXT    NOT NULL REFERENCES cases (id),
    label        TEXT    NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN (
        'aspirate', 'core', 'smear', 'imprint', 'clot', 'blood', 'block', 'slide', 'pellet', 'nucleic_acid')),
    state        TEXT    NOT NULL CHECK (state IN (
        'planned', 'not_collected', 'collected', 'in_transit', 'received', 'on_hold', 'accepted', 'in_process',
        'stored', 'referred_out', 'rejected', 'exhausted', 'lost', 'discarded', 'entered_in_error')),
    container    TEXT    NOT NULL,
    location     TEXT,
    collected_at TEXT             CHECK (collected_at GLOB '????-??-??T??:??:??.??????Z'),
    received_at  TEXT             CHECK (received_at GLOB '????-??-??T??:??:??.??????Z'),
    version      INTEGER NOT NULL CHECK (version >= 0),
    body         TEXT    NOT NULL CHECK (json_valid(body)),
    CONSTRAINT specimens_id_key PRIMARY KEY (id),
    CONSTRAINT specimens_label_key UNIQUE (label)
) STRICT;

CREATE INDEX specimens_case_id ON specimens (case_id);
CREATE INDEX specimens_awaited ON specimens (state, id)
    WHERE state IN ('planned', 'collected', 'in_transit', 'received', 'on_hold');

CREATE TABLE orders (
    id          TEXT    NOT NULL CHECK (length(id) = 36),
    case_id     TEXT    NOT NULL REFERENCES cases (id),
    assay       TEXT    NOT NULL,
    department  TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN (
        'suggested', 'ordered', 'held', 'awaiting_specimen', 'ready', 'in_process', 'resulted', 'in_review', 'final',
        'referred_out', 'needs_recollect', 'failed', 'not_performed', 'cancelled', 'entered_in_error')),
    urgency     TEXT    NOT NULL CHECK (urgency IN ('routine', 'urgent')),
    specimen_id TEXT             REFERENCES specimens (id),
    due_at      TEXT             CHECK (due_at GLOB '????-??-??T??:??:??.??????Z'),
    -- The moment by which it should be touched: one sort key for the worklist, never null.
    urgent_by   TEXT    NOT NULL CHECK (urgent_by GLOB '????-??-??T??:??:??.??????Z'),
    hold_until  TEXT             CHECK (hold_until GLOB '????-??-??T??:??:??.??????Z'),
    overdue     INTEGER NOT NULL CHECK (overdue IN (0, 1)),
    version     INTEGER NOT NULL CHECK (version >= 0),
    body        TEXT    NOT NULL CHECK (json_valid(body)),
    CONSTRAINT orders_id_key PRIMARY KEY (id)
) STRICT;

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
    id         TEXT    NOT NULL CHECK (length(id) = 36),
    case_id    TEXT    NOT NULL REFERENCES cases (id),
    order_id   TEXT    NOT NULL REFERENCES orders (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    state      TEXT    NOT NULL CHECK (state IN (
        'draft', 'preliminary', 'final', 'corrected', 'amended', 'appended', 'retracted')),
    entered_by TEXT    NOT NULL CHECK (length(entered_by) = 36),
    version    INTEGER NOT NULL CHECK (version >= 0),
    body       TEXT    NOT NULL CHECK (json_valid(body)),
    CONSTRAINT results_id_key PRIMARY KEY (id),
    CONSTRAINT results_order_id_number_key UNIQUE (order_id, number)
) STRICT;

CREATE INDEX results_case_id ON results (case_id);

CREATE TABLE reports (
    id      TEXT    NOT NULL CHECK (length(id) = 36),
    case_id TEXT    NOT NULL REFERENCES cases (id),
    number  INTEGER NOT NULL CHECK (number >= 1),
    state   TEXT    NOT NULL CHECK (state IN (
        'draft', 'preliminary', 'final', 'appended', 'amended', 'corrected', 'void')),
    version INTEGER NOT NULL CHECK (version >= 0),
    body    TEXT    NOT NULL CHECK (json_valid(body)),
    CONSTRAINT reports_id_key PRIMARY KEY (id),
    CONSTRAINT reports_case_id_number_key UNIQUE (case_id, number)
) STRICT;
