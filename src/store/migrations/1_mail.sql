CREATE TABLE account (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL UNIQUE COLLATE NOCASE,
    kind     TEXT NOT NULL CHECK (kind IN ('local', 'imap', 'pop3')),
    address  TEXT,
    settings TEXT NOT NULL DEFAULT '{}'
) STRICT;
INSERT INTO account (name, kind) VALUES ('local', 'local');

CREATE TABLE folder (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    path          TEXT NOT NULL,
    role          TEXT,
    uidvalidity   INTEGER,
    uidnext       INTEGER,
    highestmodseq INTEGER,
    lowest_uid    INTEGER,
    total         INTEGER NOT NULL DEFAULT 0,
    unread        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, path)
) STRICT;

-- Large values lie in slices that fill a page without waste (store::slices):
-- `slices` of them here, the rest in the value's own row.
CREATE TABLE slice (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    data BLOB NOT NULL
) STRICT;

-- Raw letters, once each, in pieces of at most 4 MiB before compression.
-- codec: 0 as it is, 1 zstd, 2 and up zstd with dictionary.id = codec - 2.
CREATE TABLE raw (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    codec  INTEGER NOT NULL,
    slice  INTEGER,
    slices INTEGER NOT NULL,
    data   BLOB NOT NULL
) STRICT;
CREATE TABLE raw_more (
    raw_id INTEGER NOT NULL REFERENCES raw,
    seq    INTEGER NOT NULL,
    more   INTEGER NOT NULL REFERENCES raw,
    PRIMARY KEY (raw_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX raw_more_more ON raw_more (more);
CREATE TABLE dictionary (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    data BLOB NOT NULL
) STRICT;

-- A conversation; one that was found to be part of another points to it.
CREATE TABLE thread (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    merged INTEGER REFERENCES thread,
    mails  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX thread_merged ON thread (merged) WHERE merged IS NOT NULL;
-- Every Message-ID seen or referred to, by its hash.
CREATE TABLE msgid (
    hash      INTEGER PRIMARY KEY,
    thread_id INTEGER NOT NULL REFERENCES thread
) STRICT;

-- A mail: one content, however many folders it lies in.
-- id: see above. date: seconds, as shown. refs: hashes of referenced ids,
-- oldest first, 8 bytes each, big-endian. props: 1 attachment, 2 HTML,
-- 4 not understood as a letter.
CREATE TABLE mail (
    id        INTEGER PRIMARY KEY,
    raw_id    INTEGER NOT NULL REFERENCES raw,
    sha256    BLOB NOT NULL,
    size      INTEGER NOT NULL,
    date      INTEGER NOT NULL,
    msgid     INTEGER,
    refs      BLOB,
    thread_id INTEGER NOT NULL REFERENCES thread,
    props     INTEGER NOT NULL,
    trackers  INTEGER NOT NULL,
    sender    TEXT NOT NULL,
    rcpt      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    preview   TEXT NOT NULL
) STRICT;
-- What a search asks of many mails, without the rest of their rows.
CREATE INDEX mail_facts ON mail (id, date, size, props);
CREATE UNIQUE INDEX mail_sha256 ON mail (sha256);
CREATE INDEX mail_raw ON mail (raw_id);
CREATE INDEX mail_thread ON mail (thread_id);
CREATE INDEX mail_msgid ON mail (msgid) WHERE msgid IS NOT NULL;

-- A letter: a mail in a place.
CREATE TABLE place (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
    mail_id   INTEGER NOT NULL REFERENCES mail,
    uid       INTEGER,
    flags     INTEGER NOT NULL DEFAULT 0,
    keywords  TEXT
) STRICT;
CREATE INDEX place_folder ON place (folder_id, mail_id);
CREATE INDEX place_mail ON place (mail_id);
CREATE UNIQUE INDEX place_uid ON place (folder_id, uid) WHERE uid IS NOT NULL;
CREATE INDEX place_unread ON place (mail_id) WHERE flags & 1 = 0;
CREATE INDEX place_flagged ON place (mail_id) WHERE flags & 4 <> 0;

-- Counts of a folder, kept as letters come, change and go.
CREATE TRIGGER place_came AFTER INSERT ON place BEGIN
    UPDATE folder SET total = total + 1, unread = unread + (new.flags & 1 = 0)
    WHERE id = new.folder_id;
END;
CREATE TRIGGER place_went AFTER DELETE ON place BEGIN
    UPDATE folder SET total = total - 1, unread = unread - (old.flags & 1 = 0)
    WHERE id = old.folder_id;
END;
CREATE TRIGGER place_changed AFTER UPDATE OF flags, folder_id ON place BEGIN
    UPDATE folder SET total = total - 1, unread = unread - (old.flags & 1 = 0)
    WHERE id = old.folder_id;
    UPDATE folder SET total = total + 1, unread = unread + (new.flags & 1 = 0)
    WHERE id = new.folder_id;
END;

-- Search: see store::search::segment for what is in the blobs.
CREATE TABLE segment (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    docs INTEGER NOT NULL,
    ids  BLOB NOT NULL
) STRICT;
CREATE TABLE block (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    segment_id INTEGER NOT NULL REFERENCES segment ON DELETE CASCADE,
    first      BLOB NOT NULL,
    slice      INTEGER,
    slices     INTEGER NOT NULL,
    data       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX block_first ON block (segment_id, first);
-- Mails that are gone but still stand in a segment: their ids are not used again.
CREATE TABLE removed (
    mail_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
