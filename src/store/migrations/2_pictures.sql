-- Lasting decisions about whose pictures are shown. whom: an address or a domain,
-- in lower case. proof: how the letter it was made on had proved itself, as JSON.
CREATE TABLE rule (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    kind  TEXT NOT NULL CHECK (kind IN ('sender', 'domain', 'never')),
    whom  TEXT NOT NULL,
    proof TEXT NOT NULL,
    made  INTEGER NOT NULL DEFAULT (unixepoch()),
    UNIQUE (kind, whom)
) STRICT;
CREATE INDEX rule_whom ON rule (whom);

-- What a mail refers to, and what was decided of it when it was opened last.
-- visible: 0 no, 1 yes, NULL not known. alt, width, height, tracker, service:
-- NULL where there is none.
CREATE TABLE ledger (
    mail_id    INTEGER NOT NULL REFERENCES mail ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    url        TEXT NOT NULL,
    element    TEXT NOT NULL,
    visible    INTEGER,
    after_html INTEGER NOT NULL,
    width      REAL,
    height     REAL,
    alt        TEXT,
    part       INTEGER NOT NULL,
    verdict    TEXT NOT NULL CHECK (verdict IN ('allow', 'refuse')),
    reason     TEXT NOT NULL,
    tracker    TEXT,
    service    TEXT,
    PRIMARY KEY (mail_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Requests that left this computer for a mail, written before they are made.
-- answer: how it ended, as JSON; NULL until that is known.
CREATE TABLE request (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    mail_id INTEGER NOT NULL REFERENCES mail ON DELETE CASCADE,
    url     TEXT NOT NULL,
    at      INTEGER NOT NULL DEFAULT (unixepoch()),
    bytes   INTEGER NOT NULL DEFAULT 0,
    answer  TEXT
) STRICT;
CREATE INDEX request_mail ON request (mail_id);

-- How a mail is read by the user's choice.
CREATE TABLE choice (
    mail_id INTEGER PRIMARY KEY REFERENCES mail ON DELETE CASCADE,
    charset TEXT NOT NULL
) STRICT;
