-- What analysts make of a case: folders, notes, saved searches and alerts, links taken away, flags, selectors.
-- Owner: crates/casework. Every text here has been screened for identifiers; times are milliseconds since 1970.
CREATE TABLE folders (
    folder    INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id   TEXT    NOT NULL REFERENCES cases (case_id),
    name      TEXT    NOT NULL,
    made_by   TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    row_check BLOB,
    UNIQUE (case_id, name)
);
CREATE TABLE folder_items (
    item      INTEGER PRIMARY KEY AUTOINCREMENT,
    folder    INTEGER NOT NULL REFERENCES folders (folder),
    capture   BLOB    NOT NULL CHECK (length(capture) = 16),
    added_by  TEXT    NOT NULL,
    added_at  INTEGER NOT NULL,
    row_check BLOB,
    UNIQUE (folder, capture)
);
CREATE TABLE notes (
    note         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id      TEXT    NOT NULL REFERENCES cases (case_id),
    about        TEXT    NOT NULL, -- 'case', 'capture ID', 'token [PHONE:…]'
    kind         TEXT    NOT NULL CHECK (kind IN ('note', 'tag', 'captured', 'derived', 'assessed')),
    content      TEXT    NOT NULL,
    basis        TEXT,             -- of an assessment
    confidence   TEXT             CHECK (confidence IN ('low', 'moderate', 'high')),
    expires_at   INTEGER,
    made_by      TEXT    NOT NULL,
    made_at      INTEGER NOT NULL,
    withdrawn_by TEXT,
    withdrawn_at INTEGER,
    row_check    BLOB
);
CREATE INDEX notes_by_case ON notes (case_id, about);
CREATE TABLE saved_searches (
    search    INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id   TEXT    NOT NULL REFERENCES cases (case_id),
    name      TEXT    NOT NULL,
    query     TEXT    NOT NULL, -- as understood
    alert     INTEGER NOT NULL CHECK (alert IN (0, 1)),
    made_by   TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    row_check BLOB,
    UNIQUE (case_id, name)
);
CREATE TABLE alert_hits (
    hit          INTEGER PRIMARY KEY AUTOINCREMENT,
    search       INTEGER NOT NULL REFERENCES saved_searches (search),
    capture      BLOB    NOT NULL CHECK (length(capture) = 16),
    site         TEXT    NOT NULL,
    matched_at   INTEGER NOT NULL,
    delivered_at INTEGER, -- when a line went to the site's command
    seen_by      TEXT,
    seen_at      INTEGER,
    row_check    BLOB,
    UNIQUE (search, capture)
);
CREATE TABLE removed_links (
    link       INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    TEXT    NOT NULL REFERENCES cases (case_id),
    one        TEXT    NOT NULL, -- the smaller token
    other      TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    removed_by TEXT    NOT NULL,
    removed_at INTEGER NOT NULL,
    row_check  BLOB,
    UNIQUE (case_id, one, other)
);
CREATE TABLE flags (
    flag       INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    TEXT    NOT NULL REFERENCES cases (case_id),
    capture    BLOB    NOT NULL CHECK (length(capture) = 16),
    indicator  TEXT    NOT NULL, -- the rule's id
    confirmed  INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    reason     TEXT    NOT NULL,
    decided_by TEXT    NOT NULL,
    decided_at INTEGER NOT NULL,
    row_check  BLOB,
    UNIQUE (case_id, capture, indicator)
);
CREATE TABLE selectors (
    selector    INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id     TEXT    NOT NULL REFERENCES cases (case_id),
    label       TEXT    NOT NULL,
    sealed      BLOB,             -- the value, encrypted to the crawl process; gone once it is a token
    reason      TEXT    NOT NULL,
    asked_by    TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    decided_by  TEXT,
    decided_at  INTEGER,
    approved    INTEGER           CHECK (approved IN (0, 1)),
    expires_at  INTEGER,
    token       TEXT,             -- made by the crawl process, which alone has the key
    uses        INTEGER NOT NULL DEFAULT 0,
    row_check   BLOB
);
CREATE INDEX selectors_by_case ON selectors (case_id);
-- The public half of the key that selectors are encrypted to; the crawl process has the other.
CREATE TABLE selector_keys (
    key       INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient TEXT    NOT NULL UNIQUE, -- an age X25519 recipient
    made_at   INTEGER NOT NULL,
    row_check BLOB
);
