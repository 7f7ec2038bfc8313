-- The journal: what the transparency log is made from. Owner: crates/audit. One row is one entry, in the order of seq;
-- rows are never deleted. What a person may have to be forgotten for is in record, salt and capture alone.
CREATE TABLE journal (
    seq        INTEGER PRIMARY KEY, -- without gaps from 1; the log's entry index is seq - 1
    at_secs    INTEGER NOT NULL,    -- Unix time, as in the leaf
    kind       TEXT    NOT NULL,    -- the act, as in the leaf
    part       TEXT    NOT NULL CHECK (part IN ('intent', 'outcome', 'note')),
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32), -- SHA-256(salt || record), as in the leaf
    run        BLOB    NOT NULL CHECK (length(run) = 16),        -- which run of which process wrote it
    intent     INTEGER REFERENCES journal (seq),                 -- the intent that this outcome closes
    outcome    TEXT CHECK (outcome IN ('done', 'refused', 'failed', 'unknown')),
    record     BLOB,                                             -- who, why, what: canonical JSON
    salt       BLOB CHECK (length(salt) = 32),
    capture    BLOB CHECK (length(capture) = 16),                -- what a recall looks for
    row_check  BLOB,
    CHECK ((part = 'outcome') = (intent IS NOT NULL)),
    CHECK ((part = 'outcome') = (outcome IS NOT NULL)),
    CHECK ((record IS NULL) = (salt IS NULL))
);
-- An intent has at most one outcome.
CREATE UNIQUE INDEX journal_by_intent ON journal (intent) WHERE intent IS NOT NULL;
CREATE INDEX journal_by_capture ON journal (capture) WHERE capture IS NOT NULL;
CREATE INDEX journal_intents ON journal (seq) WHERE part = 'intent';

-- How far the log has been signed: never a smaller tree again. At most one row.
CREATE TABLE journal_signed (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    size       INTEGER NOT NULL,
    root       BLOB    NOT NULL CHECK (length(root) = 32),
    signed_at  INTEGER NOT NULL, -- milliseconds
    row_check  BLOB
);
