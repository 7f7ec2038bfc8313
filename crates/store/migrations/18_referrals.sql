-- Referrals to platforms and hotlines, and the clock that runs until somebody acts. Where the page stands is in none of them.
-- Owner: crates/vault.
CREATE TABLE referrals (
    referral  INTEGER PRIMARY KEY AUTOINCREMENT,
    capture   BLOB    NOT NULL CHECK (length(capture) = 16),
    recipient TEXT    NOT NULL,
    ground    TEXT    NOT NULL,
    made_by   TEXT    NOT NULL,
    made_at   INTEGER NOT NULL, -- milliseconds since 1970
    state     TEXT    NOT NULL CHECK (state IN ('sent', 'acknowledged', 'acted', 'refused', 'silent')),
    state_at  INTEGER NOT NULL, -- milliseconds since 1970
    row_check BLOB
);
