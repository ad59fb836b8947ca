-- What a person made of a case: whether to be told of it, and how far its journal has been seen. Personal, not clinical.
CREATE TABLE follows (
    user_id uuid             NOT NULL REFERENCES users (id),
    case_id uuid             NOT NULL REFERENCES cases (id),
    -- Absent: never chosen. 'off': not in this person's list.
    choice  text COLLATE "C"          CHECK (choice IN ('any', 'late', 'final', 'never', 'off')),
    -- Numbers of the case's own journal, 0 for nothing.
    seen    bigint           NOT NULL CHECK (seen >= 0),
    told    bigint           NOT NULL CHECK (told >= 0),
    CONSTRAINT follows_user_id_case_id_key PRIMARY KEY (user_id, case_id)
);

CREATE INDEX follows_case_id ON follows (case_id);
