-- The frontier: what is to be visited, when, and why not now. Owner: crates/crawler. Times are milliseconds since 1970.

-- What has been used of an authorisation's ceilings. Counts are kept here and never rebuilt by a scan.
CREATE TABLE frontier_budgets (
    authorisation    BLOB    PRIMARY KEY REFERENCES authorisations (authorisation),
    case_id          TEXT    NOT NULL,
    pages            INTEGER NOT NULL DEFAULT 0, -- pages leased, whatever came of it
    requests         INTEGER NOT NULL DEFAULT 0, -- pages and robots.txt
    bytes            INTEGER NOT NULL DEFAULT 0, -- of bodies received
    bytes_reserved   INTEGER NOT NULL DEFAULT 0, -- by leases that are out
    minute           BLOB    NOT NULL,           -- requests of each of the last 61 seconds
    first_request_at INTEGER,
    seen_at          INTEGER NOT NULL DEFAULT 0, -- the latest moment ever seen: the clock never runs backward
    paused           TEXT,                       -- who paused it and why
    row_check        BLOB
);
CREATE INDEX frontier_budgets_case ON frontier_budgets (case_id);

-- One queue for each host of an authorisation.
CREATE TABLE frontier_hosts (
    host           INTEGER PRIMARY KEY,
    authorisation  BLOB    NOT NULL REFERENCES frontier_budgets (authorisation),
    case_id        TEXT    NOT NULL,
    host_hash      BLOB    NOT NULL CHECK (length(host_hash) = 32), -- keyed
    site           TEXT    NOT NULL,                                -- its label in the authorisation
    state          TEXT    NOT NULL CHECK (state IN ('ready', 'snoozed', 'leased', 'retired', 'exhausted')),
    reason         TEXT    NOT NULL,             -- for people
    next_at        INTEGER NOT NULL,             -- nothing is asked of the host before
    latency_ms     INTEGER,                      -- moving average, less the transport's own
    crawl_delay_ms INTEGER NOT NULL DEFAULT 0,   -- asked for by robots.txt
    backoff        INTEGER NOT NULL DEFAULT 0,   -- doublings of the present wait
    waiting        INTEGER NOT NULL DEFAULT 0,
    done           INTEGER NOT NULL DEFAULT 0,
    retired        INTEGER NOT NULL DEFAULT 0,
    requests       INTEGER NOT NULL DEFAULT 0,
    bytes          INTEGER NOT NULL DEFAULT 0,
    lease_seq      INTEGER NOT NULL DEFAULT 0,   -- tells a lease from an earlier one of the same page
    lease_page     INTEGER,                      -- NULL while robots.txt is being read
    lease_by       TEXT,
    lease_until    INTEGER,
    lease_bytes    INTEGER NOT NULL DEFAULT 0,   -- reserved of the byte ceiling
    row_check      BLOB,
    CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
    CHECK ((lease_by IS NULL) = (lease_until IS NULL))
);
CREATE UNIQUE INDEX frontier_hosts_hash ON frontier_hosts (authorisation, host_hash);
CREATE INDEX frontier_hosts_due ON frontier_hosts (authorisation, next_at) WHERE state IN ('ready', 'snoozed') AND waiting > 0;
CREATE INDEX frontier_hosts_leased ON frontier_hosts (case_id, lease_until) WHERE lease_until IS NOT NULL;

-- Pages. URLs carry names and numbers: they are sealed under the crawl key and told apart by a keyed hash.
CREATE TABLE frontier_pages (
    page       INTEGER PRIMARY KEY,
    host       INTEGER NOT NULL REFERENCES frontier_hosts (host),
    url_hash   BLOB    NOT NULL CHECK (length(url_hash) = 32),
    url_sealed BLOB    NOT NULL,
    depth      INTEGER NOT NULL, -- links from a seed
    hops       INTEGER NOT NULL, -- redirects that led here
    priority   INTEGER NOT NULL, -- smaller is earlier
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'retired')),
    reason     TEXT    NOT NULL, -- for people
    visit      INTEGER NOT NULL DEFAULT 0,
    attempts   INTEGER NOT NULL DEFAULT 0,
    row_check  BLOB
);
CREATE UNIQUE INDEX frontier_pages_hash ON frontier_pages (host, url_hash);
CREATE INDEX frontier_pages_waiting ON frontier_pages (host, priority, page) WHERE state = 'waiting';

-- Links that were not followed, by rule. Where they led is kept nowhere.
CREATE TABLE frontier_refusals (
    refusal   INTEGER PRIMARY KEY,
    host      INTEGER NOT NULL REFERENCES frontier_hosts (host), -- the host whose page had the link
    rule      TEXT    NOT NULL,
    links     INTEGER NOT NULL,
    row_check BLOB
);
CREATE UNIQUE INDEX frontier_refusals_rule ON frontier_refusals (host, rule);

-- What robots.txt said, and what was made of it.
CREATE TABLE frontier_robots (
    robots      INTEGER PRIMARY KEY,
    host        INTEGER NOT NULL REFERENCES frontier_hosts (host),
    origin      TEXT    NOT NULL, -- scheme and port
    decision    TEXT    NOT NULL, -- for people: obeyed, set aside and on which ground, or absent
    body_sealed BLOB,             -- under the crawl key; NULL if there was none
    body_hash   BLOB CHECK (body_hash IS NULL OR length(body_hash) = 32), -- keyed
    read_at     INTEGER NOT NULL,
    fresh_until INTEGER NOT NULL,
    row_check   BLOB
);
CREATE UNIQUE INDEX frontier_robots_origin ON frontier_robots (host, origin);
