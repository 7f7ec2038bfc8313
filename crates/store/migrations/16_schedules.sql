-- Calendars by which cases are crawled, and the runs that came of them. Owner: crates/crawler. Milliseconds since 1970.

CREATE TABLE frontier_schedules (
    schedule   INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    TEXT    NOT NULL,
    calendar   TEXT    NOT NULL, -- a cron pattern
    zone       TEXT    NOT NULL, -- an IANA time zone
    minutes    INTEGER NOT NULL, -- how long a run may take
    made_by    TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    looked_at  INTEGER NOT NULL, -- everything that was due until then has been run or told
    runs       INTEGER NOT NULL DEFAULT 0,
    missed     INTEGER NOT NULL DEFAULT 0,
    last       TEXT,             -- how the last one went, for people
    row_check  BLOB
);

-- A crawl that runs, or did: what others see of it, and how they stop it.
CREATE TABLE frontier_runs (
    run        INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id    TEXT    NOT NULL,
    begun_at   INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL, -- the last sign of life
    ended_at   INTEGER,
    progress   TEXT    NOT NULL, -- counts, as JSON
    stop       TEXT,             -- who asked it to stop, and why
    row_check  BLOB
);
CREATE INDEX frontier_runs_case ON frontier_runs (case_id, run);
