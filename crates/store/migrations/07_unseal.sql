-- Requests to open one original, and the sealed shares that answer them. Owner: access.
CREATE TABLE requests (
    request      INTEGER PRIMARY KEY AUTOINCREMENT,
    capture      BLOB    NOT NULL,   -- 16 bytes
    requester    TEXT    NOT NULL,
    granting     BLOB    NOT NULL,   -- the grant's canonical bytes: what supervisors sign and shares are bound to
    asked_at     INTEGER NOT NULL,   -- milliseconds since 1970
    not_after    INTEGER NOT NULL,
    journal_seq  INTEGER NOT NULL,   -- the log entry that announces it
    row_check    BLOB
);
CREATE TABLE decisions (
    decision     INTEGER PRIMARY KEY AUTOINCREMENT,
    request      INTEGER NOT NULL REFERENCES requests (request),
    supervisor   TEXT    NOT NULL,
    approved     INTEGER NOT NULL CHECK (approved IN (0, 1)),
    reason       TEXT,
    answer       BLOB,               -- share, encrypted to the requester's key: the server cannot read it
    decided_at   INTEGER NOT NULL,
    row_check    BLOB,
    UNIQUE (request, supervisor)
);
