-- How well the pages of a site were read, by day: counts alone. Owner: crates/pipeline.
CREATE TABLE extraction_days (
    extraction INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    TEXT    NOT NULL,
    site       TEXT    NOT NULL, -- its label in the authorisation
    day        TEXT    NOT NULL, -- 2026-11-24, UTC
    profile    TEXT    NOT NULL, -- name and revision; empty where none fitted
    pages      INTEGER NOT NULL, -- read
    whole      INTEGER NOT NULL, -- of a kind that the profile knows, with every required field
    missing    INTEGER NOT NULL, -- pages that lacked a required field
    unknown    INTEGER NOT NULL, -- pages of no kind that the profile knows
    unread     INTEGER NOT NULL, -- dates and prices that were not understood
    records    INTEGER NOT NULL,
    row_check  BLOB
);
CREATE UNIQUE INDEX extraction_days_one ON extraction_days (case_id, site, day, profile);
