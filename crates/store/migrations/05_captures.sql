-- Sealed captures: what the vault holds. Owner: crates/vault. The files are under the vault's folder.
CREATE TABLE captures (
    capture           BLOB    PRIMARY KEY CHECK (length(capture) = 16),
    case_id           TEXT    NOT NULL,
    authorisation     BLOB    NOT NULL CHECK (length(authorisation) = 16),
    epoch             BLOB    NOT NULL CHECK (length(epoch) = 16),
    payload_hash      BLOB    NOT NULL CHECK (length(payload_hash) = 32), -- BLAKE3 of the sealed payload
    header_hash       BLOB    NOT NULL CHECK (length(header_hash) = 32),  -- BLAKE3 of the sealed header
    payload_bytes     INTEGER NOT NULL,
    header_bytes      INTEGER NOT NULL,
    commitment_blake3 BLOB    NOT NULL CHECK (length(commitment_blake3) = 32), -- salted: says nothing about the page
    commitment_sha256 BLOB    NOT NULL CHECK (length(commitment_sha256) = 32),
    sealed_at         INTEGER NOT NULL, -- milliseconds
    state             TEXT    NOT NULL CHECK (state IN ('sealed', 'erasing', 'erased')),
    row_check         BLOB
);
CREATE INDEX captures_case ON captures (case_id, state);
