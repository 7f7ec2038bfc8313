-- The newest checkpoint that each witness has cosigned. Owner: crates/audit. Public, like the log.
CREATE TABLE cosignatures (
    witness   TEXT    PRIMARY KEY, -- the person whose client cosigned
    size      INTEGER NOT NULL,    -- entries of the checkpoint
    note      TEXT    NOT NULL,    -- the checkpoint as signed, and below it the witness's line
    key       TEXT    NOT NULL,    -- the public key that the line is checked with: name+id+base64
    at_secs   INTEGER NOT NULL,    -- Unix time that the witness stated
    published INTEGER NOT NULL DEFAULT 0 CHECK (published IN (0, 1)), -- whether it lies in the log's folder
    row_check BLOB
);
