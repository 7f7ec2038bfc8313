-- Openings that waived a wait, and the review that each owes. It outlives the request: an erased capture excuses nobody.
-- Owner: crates/access.
CREATE TABLE break_glass (
    request     INTEGER PRIMARY KEY,
    requester   TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL, -- milliseconds since 1970
    reviewer    TEXT,
    justified   INTEGER CHECK (justified IN (0, 1)),
    reviewed_at INTEGER,
    row_check   BLOB,
    CHECK ((reviewer IS NULL) = (justified IS NULL)),
    CHECK ((reviewer IS NULL) = (reviewed_at IS NULL)),
    CHECK (reviewer IS NULL OR reviewer <> requester)
);
CREATE INDEX break_glass_by_requester ON break_glass (requester, reviewer);
