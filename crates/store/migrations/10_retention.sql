-- Legal holds: what must not be erased although its time is over. Set by one person, released by two. Owner: crates/vault.
CREATE TABLE holds (
    hold             INTEGER PRIMARY KEY AUTOINCREMENT,
    capture          BLOB    NOT NULL CHECK (length(capture) = 16),
    reason           TEXT    NOT NULL,
    set_by           TEXT    NOT NULL,
    set_at           INTEGER NOT NULL, -- milliseconds since 1970
    release_asked_by TEXT,
    released_by      TEXT,
    released_at      INTEGER,
    row_check        BLOB,
    CHECK ((released_by IS NULL) = (released_at IS NULL)),
    CHECK (released_by IS NULL OR released_by <> release_asked_by)
);
CREATE INDEX holds_by_capture ON holds (capture);
-- Erasures whose header may still lie in a backup. Owner: crates/vault.
CREATE TABLE erasures (
    capture       BLOB    PRIMARY KEY CHECK (length(capture) = 16),
    erased_at     INTEGER NOT NULL, -- milliseconds since 1970
    backups_until INTEGER NOT NULL, -- when the last backup of its header is gone
    confirmed_at  INTEGER,
    row_check     BLOB
);
