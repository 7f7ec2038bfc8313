-- Authorisations that were verified and registered. Owner: crates/crawler. A row is never deleted. Who registered or
-- revoked one, and why, is in the log.
CREATE TABLE authorisations (
    authorisation BLOB    PRIMARY KEY CHECK (length(authorisation) = 16), -- first half of BLAKE3 of the canonical form
    case_id       TEXT    NOT NULL,
    document      TEXT    NOT NULL, -- the signed file; verified anew by every process that uses it
    revocation_id TEXT    NOT NULL,
    not_after     INTEGER NOT NULL, -- milliseconds since 1970
    added_at      INTEGER NOT NULL,
    revoked_at    INTEGER,
    row_check     BLOB
);
CREATE INDEX authorisations_case ON authorisations (case_id);
