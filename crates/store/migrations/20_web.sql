-- Second steps of signing in on the web, and who works on which case. Owner: access.
CREATE TABLE second_factors (
    person        TEXT    PRIMARY KEY REFERENCES people (person),
    secret_sealed BLOB    NOT NULL,           -- nonce and ChaCha20-Poly1305 of the TOTP secret, under the server's key
    last_step     INTEGER NOT NULL DEFAULT 0, -- the newest time step whose code was used: no code is good twice
    enrolled_at   INTEGER NOT NULL,           -- milliseconds since 1970
    row_check     BLOB
);
CREATE TABLE case_people (
    case_id   TEXT    NOT NULL REFERENCES cases (case_id),
    person    TEXT    NOT NULL REFERENCES people (person),
    added_by  TEXT    NOT NULL,
    added_at  INTEGER NOT NULL,   -- milliseconds since 1970
    row_check BLOB
);
CREATE UNIQUE INDEX case_people_once ON case_people (case_id, person);
