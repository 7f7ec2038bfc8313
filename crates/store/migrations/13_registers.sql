-- Copies of originals that have left the house: an erasure reaches none of them, so that whoever has one must be told.
-- Owner: crates/vault.
CREATE TABLE copies (
    copy        INTEGER PRIMARY KEY AUTOINCREMENT,
    capture     BLOB    NOT NULL CHECK (length(capture) = 16),
    request     INTEGER NOT NULL,
    recipient   TEXT    NOT NULL, -- the age key that opens it
    made_by     TEXT    NOT NULL,
    made_at     INTEGER NOT NULL, -- milliseconds since 1970
    copy_blake3 BLOB    NOT NULL CHECK (length(copy_blake3) = 32),
    row_check   BLOB
);
CREATE INDEX copies_by_capture ON copies (capture);
-- When somebody looked last whether a case is still necessary. Owner: crates/access.
CREATE TABLE case_reviews (
    review      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id     TEXT    NOT NULL REFERENCES cases (case_id),
    reviewed_by TEXT    NOT NULL,
    reviewed_at INTEGER NOT NULL, -- milliseconds since 1970
    row_check   BLOB
);
CREATE INDEX case_reviews_by_case ON case_reviews (case_id, reviewed_at);
