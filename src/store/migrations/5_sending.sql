-- A letter being written, or waiting to be sent. content: model::Draft as JSON, without
-- the bytes of its files. version grows with every change; copied: the version the copy in
-- the Drafts folder, place copy_id, was made of; foreign_copy: another program made it. queued: it is in the outbox, and does not
-- change. answers: the letter it answers or hands on, which is marked so when it is sent;
-- answers_flag: with these flags.
CREATE TABLE draft (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    content      TEXT NOT NULL,
    version      INTEGER NOT NULL DEFAULT 1,
    changed      INTEGER NOT NULL DEFAULT (unixepoch()),
    queued       INTEGER NOT NULL DEFAULT 0,
    answers      INTEGER,
    answers_flag INTEGER NOT NULL DEFAULT 0,
    copied       INTEGER NOT NULL DEFAULT 0,
    copy_id      INTEGER,
    foreign_copy INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX draft_copy ON draft (copy_id) WHERE copy_id IS NOT NULL;
-- Its files. picture: what the body calls it; NULL: an attachment.
CREATE TABLE draft_file (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    draft_id   INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE,
    picture    TEXT,
    name       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;
CREATE INDEX draft_file_draft ON draft_file (draft_id);

-- A letter the user has given away to be sent, and what became of it (store::outbox).
-- draft_id: what it is built of, until it is sent. seed, date: its seal. msgid: the hash of
-- its Message-ID. raw: what is sent as it is, for what is no draft (answers to requests for
-- a receipt), until it is sent. copy_id: the place of the user's own copy in Sent. pixel: every recipient
-- has a picture of their own; notice: the receipt server.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    draft_id    INTEGER REFERENCES draft ON DELETE SET NULL,
    raw         BLOB,
    message_id  TEXT NOT NULL,
    msgid       INTEGER NOT NULL,
    subject     TEXT NOT NULL,
    seed        BLOB NOT NULL,
    date        INTEGER NOT NULL,
    queued      INTEGER NOT NULL DEFAULT (unixepoch()),
    not_before  INTEGER NOT NULL,
    sent        INTEGER,
    copy_id     INTEGER,
    pixel       TEXT,
    mdn         INTEGER NOT NULL,
    html        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_message_id ON outbox (message_id);
CREATE INDEX outbox_msgid ON outbox (msgid);
CREATE INDEX outbox_draft ON outbox (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX outbox_copy ON outbox (copy_id) WHERE copy_id IS NOT NULL;

-- One transaction of SMTP. state: idle; trying: a connection is at it, and nothing can have
-- been delivered; committing: the end of the letter may have been said.
-- said: the server's last words, or why there were none, as JSON.
CREATE TABLE delivery (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    outbox_id    INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
    sender       TEXT NOT NULL,
    envelope_id  TEXT NOT NULL,
    token        TEXT,
    smtputf8     INTEGER NOT NULL,
    state        TEXT NOT NULL DEFAULT 'idle' CHECK (state IN ('idle', 'trying', 'committing')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_attempt INTEGER,
    said         TEXT
) STRICT;
CREATE INDEX delivery_outbox ON delivery (outbox_id);
CREATE INDEX delivery_due ON delivery (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX delivery_busy ON delivery (outbox_id) WHERE state <> 'idle';
CREATE INDEX delivery_envelope ON delivery (envelope_id);

-- Who gets it. address: as it is given to the server; shown: with a name, as JSON.
CREATE TABLE recipient (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL REFERENCES delivery ON DELETE CASCADE,
    address     TEXT NOT NULL COLLATE NOCASE,
    shown       TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'retry', 'failed', 'unknown')),
    said        TEXT,
    at          INTEGER
) STRICT;
CREATE INDEX recipient_delivery ON recipient (delivery_id);
CREATE INDEX recipient_address ON recipient (address);

-- The conversation with the server about a letter, secrets blanked.
CREATE TABLE outbox_line (
    outbox_id INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    line      TEXT NOT NULL,
    PRIMARY KEY (outbox_id, seq)
) STRICT, WITHOUT ROWID;

-- What others say became of it: delivery reports and answers, each once. state: a word of
-- model::Reported. sure: it names the transaction, or a letter with one recipient: nobody
-- else who got the letter could have made it up. mail_id: the letter that says it. told: the user was.
CREATE TABLE report (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient_id INTEGER NOT NULL REFERENCES recipient ON DELETE CASCADE,
    mail_id      INTEGER NOT NULL,
    form         TEXT NOT NULL,
    state        TEXT NOT NULL,
    reason       TEXT,
    status       TEXT,
    said         TEXT NOT NULL,
    sure         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    told         INTEGER NOT NULL DEFAULT 0,
    UNIQUE (recipient_id, mail_id, state)
) STRICT;
CREATE INDEX report_untold ON report (id) WHERE told = 0;

-- The receipt picture of a recipient. hash: SHA-256 of its token. registered: the server
-- knows it, since then; expires: until then; departed: when its letter went, as the server
-- was told.
CREATE TABLE receipt (
    recipient_id INTEGER PRIMARY KEY REFERENCES recipient ON DELETE CASCADE,
    hash         BLOB NOT NULL UNIQUE,
    registered   INTEGER,
    expires      INTEGER,
    departed     INTEGER
) STRICT;
-- Who fetched it, by kind, as the server saw it.
CREATE TABLE receipt_fetch (
    recipient_id INTEGER NOT NULL REFERENCES recipient ON DELETE CASCADE,
    kind         TEXT NOT NULL,
    service      TEXT NOT NULL DEFAULT '',
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    told         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (recipient_id, kind, service)
) STRICT, WITHOUT ROWID;
