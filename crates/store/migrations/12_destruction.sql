-- Cases that two supervisors have destroyed, or that one has asked to destroy. Owner: crates/access.
CREATE TABLE destructions (
    case_id      TEXT    PRIMARY KEY REFERENCES cases (case_id),
    asked_by     TEXT    NOT NULL,
    asked_at     INTEGER NOT NULL, -- milliseconds since 1970
    confirmed_by TEXT,
    done_at      INTEGER,
    row_check    BLOB,
    CHECK (confirmed_by IS NULL OR confirmed_by <> asked_by),
    CHECK (done_at IS NULL OR confirmed_by IS NOT NULL)
);
