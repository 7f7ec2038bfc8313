-- What the clients of other classes wait for before they give a share. Owner: access.
CREATE TABLE approval_signatures (
    request    INTEGER NOT NULL REFERENCES requests (request),
    supervisor TEXT    NOT NULL,
    signature  BLOB    NOT NULL,   -- Ed25519, 64 bytes: an SSHSIG over the grant; no secret
    row_check  BLOB,
    PRIMARY KEY (request, supervisor)
);

-- Who approved a use of break-glass. Unlike the decisions an erasure leaves it, so that nobody comes to review what they had a
-- part in. Owner: access.
CREATE TABLE break_glass_approvers (
    request    INTEGER NOT NULL REFERENCES break_glass (request),
    supervisor TEXT    NOT NULL,
    row_check  BLOB,
    PRIMARY KEY (request, supervisor)
);
INSERT INTO break_glass_approvers (request, supervisor)
SELECT d.request, d.supervisor FROM decisions d JOIN break_glass b ON b.request = d.request WHERE d.approved = 1;
