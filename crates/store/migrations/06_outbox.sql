-- Redacted pages on their way to the index, and the truth that an index is rebuilt from. Owner: pipeline.
CREATE TABLE outbox (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id      TEXT    NOT NULL,
    document_key BLOB    NOT NULL,  -- 32 bytes: (authorisation, keyed URL hash, visit)
    capture      BLOB    NOT NULL,  -- 16 bytes
    captured_at  INTEGER NOT NULL,  -- milliseconds since 1970
    page         BLOB    NOT NULL,  -- a redacted page under the redactor's MAC: never raw text
    row_check    BLOB
);
CREATE UNIQUE INDEX outbox_by_capture ON outbox (capture);
CREATE INDEX outbox_by_case ON outbox (case_id, seq);
