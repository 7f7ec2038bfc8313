-- Redacted pages on their way to the index, and the truth that an index is rebuilt from. Owner: pipeline.
CREATE TABLE outbox (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id       TEXT    NOT NULL,
    authorisation BLOB    NOT NULL CHECK (length(authorisation) = 16),
    document_key  BLOB    NOT NULL CHECK (length(document_key) = 32), -- (authorisation, keyed URL hash, visit)
    capture       BLOB    NOT NULL CHECK (length(capture) = 16),
    captured_at   INTEGER NOT NULL, -- milliseconds since 1970
    page          BLOB    NOT NULL, -- a redacted page under the redactor's MAC: never raw text
    row_check     BLOB
);
CREATE UNIQUE INDEX outbox_by_capture ON outbox (capture);
CREATE INDEX outbox_by_case ON outbox (case_id, seq);
