-- Accounts that pages are read with: what is typed in is encrypted to a key of the case, which lies sealed under the crawl
-- key; no secret is in clear anywhere. Owner: crates/crawler.
CREATE TABLE account_keys (
    account_key     INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id         TEXT    NOT NULL UNIQUE,
    recipient       TEXT    NOT NULL, -- age's public half: what people's commands encrypt to
    identity_sealed BLOB    NOT NULL, -- its secret half, under the crawl key of the case
    made_at         INTEGER NOT NULL,
    row_check       BLOB
);

CREATE TABLE accounts (
    account         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id         TEXT    NOT NULL,
    site            TEXT    NOT NULL, -- the site's label in the authorisation
    label           TEXT    NOT NULL, -- the account's label in the authorisation; never its user name
    sealed          BLOB    NOT NULL, -- host, user name and password, an age file to the key of the case
    set_by          TEXT    NOT NULL,
    set_at          INTEGER NOT NULL,
    version         INTEGER NOT NULL DEFAULT 0, -- of its latest session; 0 before the first
    tries           INTEGER NOT NULL DEFAULT 0, -- logins begun since a session last proved good
    row_check       BLOB
);
CREATE UNIQUE INDEX accounts_one ON accounts (case_id, site, label);

CREATE TABLE account_sessions (
    session         INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id         TEXT    NOT NULL,
    site            TEXT    NOT NULL,
    label           TEXT    NOT NULL,
    version         INTEGER NOT NULL, -- what a capture's record names
    begun_at        INTEGER NOT NULL,
    ended_at        INTEGER,
    why             TEXT,             -- why it ended
    pages           INTEGER NOT NULL DEFAULT 0,
    proven          INTEGER NOT NULL DEFAULT 0, -- whether a page has shown that the site knows us
    cookies_sealed  BLOB,             -- under the crawl key; gone with the session's end
    row_check       BLOB
);
CREATE UNIQUE INDEX account_sessions_one ON account_sessions (case_id, site, label, version);
