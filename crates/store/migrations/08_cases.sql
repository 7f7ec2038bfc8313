-- Cases: each has its own index, token key and people. Owner: access.
CREATE TABLE cases (
    case_id   TEXT    PRIMARY KEY,
    title     TEXT    NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('open', 'closed')),
    opened_at INTEGER NOT NULL,   -- milliseconds since 1970
    opened_by TEXT    NOT NULL,
    closed_at INTEGER,
    row_check BLOB
);
