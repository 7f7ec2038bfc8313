-- What members of a ceremony or a repair hand each other through the site: each message is written once. What is for one
-- person's eyes is encrypted to that person. Owner: crates/access.
CREATE TABLE mail (
    message   INTEGER PRIMARY KEY AUTOINCREMENT,
    plan      TEXT    NOT NULL, -- its name: 32 hexadecimal digits
    name      TEXT    NOT NULL, -- as in the folder that is carried by hand
    bytes     BLOB    NOT NULL CHECK (length(bytes) <= 65536),
    put_by    TEXT    NOT NULL,
    put_at    INTEGER NOT NULL, -- milliseconds since 1970
    row_check BLOB,
    UNIQUE (plan, name)
);
