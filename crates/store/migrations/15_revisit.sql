-- What the crawl learns while it visits: how pages change, which addresses lead nowhere new, which hosts are one server.
-- Owner: crates/crawler. Times are milliseconds since 1970; hashes are keyed.

ALTER TABLE frontier_pages ADD COLUMN role TEXT NOT NULL DEFAULT 'page';  -- board, list, thread, ad, page
ALTER TABLE frontier_pages ADD COLUMN due_at INTEGER;      -- when a visited page is visited again; NULL: not by itself
ALTER TABLE frontier_pages ADD COLUMN sure INTEGER NOT NULL DEFAULT 0; -- a list says that it has changed
ALTER TABLE frontier_pages ADD COLUMN seen_at INTEGER;     -- the last visit
ALTER TABLE frontier_pages ADD COLUMN content_hash BLOB;   -- of what it says
ALTER TABLE frontier_pages ADD COLUMN words_hash BLOB;     -- of its words alone: equal on pages that differ in numbers only
ALTER TABLE frontier_pages ADD COLUMN line_hash BLOB;      -- of its line in a list: answers and the last one's time
ALTER TABLE frontier_pages ADD COLUMN remembered BLOB;     -- sealed: the body's hash, ETag, Last-Modified
ALTER TABLE frontier_pages ADD COLUMN changes REAL;        -- Gamma distribution of the rate of change: shape
ALTER TABLE frontier_pages ADD COLUMN watched REAL;        -- and milliseconds
ALTER TABLE frontier_pages ADD COLUMN series INTEGER;      -- the first page of the thread or list that it belongs to
ALTER TABLE frontier_pages ADD COLUMN place INTEGER NOT NULL DEFAULT 0; -- how many pages of it stand before this one
ALTER TABLE frontier_pages ADD COLUMN form_hash BLOB;      -- of the form of its address
CREATE INDEX frontier_pages_due ON frontier_pages (host, due_at) WHERE state = 'done' AND due_at IS NOT NULL;
CREATE INDEX frontier_pages_series ON frontier_pages (series, place) WHERE series IS NOT NULL;
CREATE INDEX frontier_pages_form ON frontier_pages (host, form_hash) WHERE state = 'waiting';
CREATE INDEX frontier_pages_words ON frontier_pages (words_hash, host) WHERE words_hash IS NOT NULL;

ALTER TABLE frontier_hosts ADD COLUMN revisit_at INTEGER;  -- the earliest due_at of its pages
ALTER TABLE frontier_hosts ADD COLUMN server BLOB;         -- hosts with the same are one server: one connection, one rest
ALTER TABLE frontier_hosts ADD COLUMN mirrors TEXT;         -- the site of which it was found to be a mirror
ALTER TABLE frontier_hosts ADD COLUMN delay_ms INTEGER NOT NULL DEFAULT 0; -- the polite delay when it was last asked
ALTER TABLE frontier_hosts ADD COLUMN held TEXT;           -- why a person has to decide before anything is asked of it
ALTER TABLE frontier_hosts ADD COLUMN walls INTEGER NOT NULL DEFAULT 0;    -- login walls in a row
CREATE INDEX frontier_hosts_turn ON frontier_hosts
    (authorisation, (CASE WHEN waiting > 0 THEN next_at ELSE max(next_at, revisit_at) END))
    WHERE state IN ('ready', 'snoozed', 'exhausted') AND held IS NULL;
CREATE INDEX frontier_hosts_server ON frontier_hosts (server) WHERE server IS NOT NULL;

-- A form of address on a host, and what its pages were worth.
CREATE TABLE frontier_forms (
    form      INTEGER PRIMARY KEY,
    host      INTEGER NOT NULL REFERENCES frontier_hosts (host),
    form_hash BLOB    NOT NULL CHECK (length(form_hash) = 32),
    pages     INTEGER NOT NULL DEFAULT 0, -- known
    asked     INTEGER NOT NULL DEFAULT 0, -- visited for the first time
    gave      INTEGER NOT NULL DEFAULT 0, -- of those: said something new, or led to pages of another form
    recent    INTEGER NOT NULL DEFAULT 0, -- the last 62 of those, one bit each, the latest lowest
    sketches  BLOB,                       -- of the words of the last few, one byte for each of 32 minima, keyed
    retired   TEXT,                       -- why none of them is visited any more
    row_check BLOB
);
CREATE UNIQUE INDEX frontier_forms_hash ON frontier_forms (host, form_hash);

-- A parameter of a host's addresses: whether it changes what a page says.
CREATE TABLE frontier_parameters (
    parameter INTEGER PRIMARY KEY,
    host      INTEGER NOT NULL REFERENCES frontier_hosts (host),
    name_hash BLOB    NOT NULL CHECK (length(name_hash) = 32),
    same      INTEGER NOT NULL DEFAULT 0, -- pairs of pages that differ in it alone and say the same
    different INTEGER NOT NULL DEFAULT 0, -- and that do not
    row_check BLOB
);
CREATE UNIQUE INDEX frontier_parameters_name ON frontier_parameters (host, name_hash);

-- What a page says whose address is known but for one parameter, while that parameter is being judged.
CREATE TABLE frontier_variants (
    variant      INTEGER PRIMARY KEY,
    parameter    INTEGER NOT NULL REFERENCES frontier_parameters (parameter),
    rest_hash    BLOB    NOT NULL CHECK (length(rest_hash) = 32),
    content_hash BLOB    NOT NULL CHECK (length(content_hash) = 32),
    row_check    BLOB
);
CREATE UNIQUE INDEX frontier_variants_rest ON frontier_variants (parameter, rest_hash);
