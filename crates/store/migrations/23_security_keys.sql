-- Security keys and passkeys that people sign in with on the web (W3C Web Authentication, Level 3). Owner: access.
CREATE TABLE key_holders (
    person    TEXT PRIMARY KEY REFERENCES people (person),
    handle    BLOB NOT NULL UNIQUE,   -- 32 random bytes that stand for the person on their keys
    row_check BLOB
);

CREATE TABLE security_keys (
    key_id          INTEGER PRIMARY KEY AUTOINCREMENT,      -- never given twice: a session remembers it
    person          TEXT    NOT NULL REFERENCES people (person),
    name            TEXT    NOT NULL,                       -- what its owner calls it
    credential      BLOB    NOT NULL UNIQUE,                -- the key's identifier, 1 to 1023 bytes
    algorithm       INTEGER NOT NULL,                       -- COSE: -7 is ES256, -8 is EdDSA
    public_key      BLOB    NOT NULL,                       -- ES256: both coordinates, 64 bytes; EdDSA: 32 bytes
    counter         INTEGER NOT NULL,                       -- the last that it told; 0 for keys that do not count
    backup_eligible INTEGER NOT NULL,                       -- 1 where its maker's service can copy it
    added_at        INTEGER NOT NULL,                       -- milliseconds since 1970
    used_at         INTEGER,                                -- the same; NULL until somebody signed in with it
    row_check       BLOB
);
CREATE UNIQUE INDEX security_keys_name ON security_keys (person, name);
