-- People, and changes to them that wait for a second person. Owner: access.
CREATE TABLE people (
    person         TEXT    PRIMARY KEY,
    role           TEXT    NOT NULL CHECK (role IN ('analyst', 'supervisor', 'operator', 'auditor')),
    passphrase     TEXT    NOT NULL,   -- argon2id, PHC string
    signing_key    BLOB,               -- Ed25519 public key, 32 bytes: signs authorisations, epochs, grants
    recipient      TEXT,               -- age X25519 public key: granted shares are encrypted to it
    added_at       INTEGER NOT NULL,   -- milliseconds since 1970
    proposed_by    TEXT,               -- empty while the first two supervisors are added
    confirmed_by   TEXT,
    failures       INTEGER NOT NULL DEFAULT 0,
    locked_until   INTEGER NOT NULL DEFAULT 0,
    row_check      BLOB
);
CREATE TABLE proposals (
    proposal       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind           TEXT    NOT NULL CHECK (kind IN ('add', 'role')),
    person         TEXT    NOT NULL,
    role           TEXT    NOT NULL,
    passphrase     TEXT,
    signing_key    BLOB,
    recipient      TEXT,
    proposed_by    TEXT    NOT NULL,
    proposed_at    INTEGER NOT NULL,
    confirmed_by   TEXT,
    confirmed_at   INTEGER,
    row_check      BLOB
);
