//! The schema and its numbered migrations.
//!
//! Keys of mails (`mail.id`) grow with the mail's date: second since 1970, the
//! next free one where it is taken. That makes "newest first" the natural order
//! of every index, so that a list or a search can stop after its first page
//! (decision 0002).

use super::error::{Result, StoreError};
use rusqlite::{Connection, MAIN_DB, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// One migration an entry; the store's form is how many of them it has had.
pub(super) const MIGRATIONS: &[&str] =
    &[FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, TENTH];

const FIRST: &str = r"
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
";

const SECOND: &str = r"
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
";

const THIRD: &str = r"
-- A folder of a server. remote: its name on the wire. policy: a word of
-- model::FolderPolicy as JSON, NULL: as the account says. highest known uid:
-- uidnext - 1; all from lowest_uid up are here, headers at least. messages,
-- unseen: as the server counted them when the folder was last in step.
ALTER TABLE folder ADD COLUMN remote TEXT;
ALTER TABLE folder ADD COLUMN messages INTEGER;
ALTER TABLE folder ADD COLUMN unseen INTEGER;
ALTER TABLE folder ADD COLUMN selectable INTEGER NOT NULL DEFAULT 1;
ALTER TABLE folder ADD COLUMN subscribed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE folder ADD COLUMN policy TEXT;
CREATE UNIQUE INDEX folder_remote ON folder (account_id, remote) WHERE remote IS NOT NULL;
-- mail.props 8: only its header is here, size is what the server says, sha256 is of
-- both (store::raw::header_sha).
CREATE INDEX mail_partial ON mail (id) WHERE props & 8 <> 0;

-- What the user did, undone together. undone: it has been.
CREATE TABLE gesture (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind   TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    made   INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

-- What a server is to be told of it: written with the local change in one
-- transaction, one row a letter or folder (store::intents).
-- place_id: the letter; it may be gone here (kind delete: mail_id keeps its bytes).
-- made_id: the letter a copy or an added letter became here.
-- folder_id, uidvalidity, uid: where the server has it; uid NULL: not known, or not yet.
-- added, removed: flags. base: the server's flags, what the intents of a letter that are
-- on their way are changes of. detail: JSON, see intents::Detail.
-- needs: another that must be done first. not_before: seconds; tried again then.
CREATE TABLE intent (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    gesture     INTEGER NOT NULL REFERENCES gesture ON DELETE CASCADE,
    account_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    place_id    INTEGER,
    made_id     INTEGER,
    mail_id     INTEGER REFERENCES mail ON DELETE SET NULL,
    folder_id   INTEGER REFERENCES folder ON DELETE SET NULL,
    uidvalidity INTEGER,
    uid         INTEGER,
    target_id   INTEGER REFERENCES folder ON DELETE SET NULL,
    added       INTEGER NOT NULL DEFAULT 0,
    removed     INTEGER NOT NULL DEFAULT 0,
    base        INTEGER NOT NULL DEFAULT 0,
    detail      TEXT NOT NULL DEFAULT '{}',
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'done', 'failed')),
    needs       INTEGER,
    not_before  INTEGER NOT NULL DEFAULT 0,
    tries       INTEGER NOT NULL DEFAULT 0,
    error       TEXT
) STRICT;
CREATE INDEX intent_gesture ON intent (gesture);
CREATE INDEX intent_pending ON intent (account_id, id) WHERE state IN ('waiting', 'sent');
CREATE INDEX intent_place ON intent (place_id, id) WHERE state IN ('waiting', 'sent');
CREATE INDEX intent_made ON intent (made_id) WHERE state IN ('waiting', 'sent');
CREATE INDEX intent_folder ON intent (folder_id, uid) WHERE state IN ('waiting', 'sent');
CREATE INDEX intent_target ON intent (target_id) WHERE state IN ('waiting', 'sent');
CREATE INDEX intent_mail ON intent (mail_id) WHERE mail_id IS NOT NULL;
-- Letters of servers that have no UID yet are looked for often.
CREATE INDEX place_waiting ON place (folder_id) WHERE uid IS NULL;
CREATE INDEX intent_needs ON intent (needs) WHERE needs IS NOT NULL;
-- Not shown: the user removed it, and it is kept until that is settled.
ALTER TABLE folder ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
";

const FOURTH: &str = r"
-- Where no changes are counted: flags of letters from this UID on have been compared in
-- this round; NULL: a round begins.
ALTER TABLE folder ADD COLUMN flags_from INTEGER;
-- What a server knows a mail by, whatever folders it lies in (Gmail): its bytes need not
-- come once for each.
CREATE TABLE twin (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    name       INTEGER NOT NULL,
    mail_id    INTEGER NOT NULL REFERENCES mail ON DELETE CASCADE,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX twin_mail ON twin (mail_id);
";

const FIFTH: &str = r"
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
";

const SIXTH: &str = r"
-- told: the user was told that it failed, or that nobody knows.
ALTER TABLE recipient ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
CREATE INDEX recipient_untold ON recipient (id) WHERE told = 0;
CREATE INDEX receipt_fetch_untold ON receipt_fetch (recipient_id) WHERE told = 0;
";

const SEVENTH: &str = r"
-- Files of drafts, a piece at a time: others write in between. size: of the whole file;
-- whole: all of its pieces are here.
ALTER TABLE draft_file ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE draft_file ADD COLUMN whole INTEGER NOT NULL DEFAULT 1;
UPDATE draft_file SET size = length(bytes);
-- What follows the bytes in draft_file.
CREATE TABLE draft_piece (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL REFERENCES draft_file ON DELETE CASCADE,
    bytes   BLOB NOT NULL
) STRICT;
CREATE INDEX draft_piece_file ON draft_piece (file_id);
";

const EIGHTH: &str = r"
-- What a list by conversation asks of many mails as well (store::bundles).
DROP INDEX mail_facts;
CREATE INDEX mail_facts ON mail (id, date, size, props, thread_id, trackers);
";

const NINTH: &str = r"
-- A gesture about very many letters is done in parts: what of it is still to be done
-- (store::intents::rest). act: what is done, as JSON; or undoes: which gesture is taken back.
CREATE TABLE unfinished (
    gesture   INTEGER PRIMARY KEY REFERENCES gesture ON DELETE CASCADE,
    act       TEXT,
    undoes    INTEGER REFERENCES gesture ON DELETE CASCADE,
    changed   INTEGER NOT NULL DEFAULT 0,
    left_over INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX unfinished_undoes ON unfinished (undoes) WHERE undoes IS NOT NULL;
-- id: of a letter, with the folder it lay in when it was asked for; or of an intent.
CREATE TABLE unfinished_item (
    gesture   INTEGER NOT NULL REFERENCES unfinished ON DELETE CASCADE,
    id        INTEGER NOT NULL,
    folder_id INTEGER,
    PRIMARY KEY (gesture, id)
) STRICT, WITHOUT ROWID;
";

const TENTH: &str = r"
-- Which letters have keywords: labels are few among them, and are looked for by hand.
CREATE INDEX place_keywords ON place (mail_id, keywords) WHERE keywords IS NOT NULL;
";

/// Brings the store at `path` to form `known` (of [`MIGRATIONS`]). A store that
/// already holds something is copied beside itself first.
///
/// # Errors
/// [`StoreError::TooNew`] for a store of a newer program; else what SQLite says.
pub(super) fn migrate(conn: &mut Connection, path: &Path, known: usize) -> Result<()> {
    let form = known as i64;
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > form {
        return Err(StoreError::TooNew { found, known: form });
    }
    if found == form {
        return Ok(());
    }
    // Another process may be at it just now: whoever comes second finds it done.
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found >= form {
        return Ok(());
    }
    if found > 0 {
        keep_copy(path, &path.with_extension(format!("before-form-{form}.sqlite")))?;
    }
    for sql in MIGRATIONS.iter().take(known).skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "user_version", form)?;
    tx.commit()?;
    Ok(())
}

/// Copies the store as it is. A copy that was broken off never bears the name of a
/// whole one.
fn keep_copy(path: &Path, copy: &Path) -> Result<()> {
    let half = copy.with_extension("half");
    match std::fs::remove_file(&half) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::io(&half, error));
        }
        _ => {}
    }
    // A connection of its own: the one that migrates holds the right to write.
    let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(Duration::from_secs(10))?;
    source.backup(MAIN_DB, &half, None::<fn(rusqlite::backup::Progress)>)?;
    std::fs::rename(&half, copy).map_err(|error| StoreError::io(copy, error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use crate::mime;
    use crate::model::{Flags, LetterId, Proof, Rule, Scope};
    use crate::store::{Among, Circumstances, Incoming, Packer, Sort, Store, StoreError, prepare};
    use rusqlite::Connection;
    use std::path::Path;

    const RAW: &[u8] = b"From: a@example.org\nSubject: kept\n\nbefore the change\n";

    const LATEST: i64 = super::MIGRATIONS.len() as i64;

    /// Where a store is kept that is brought to the latest form.
    fn copy_of(profile: &Path, end: &str) -> std::path::PathBuf {
        profile.join(format!("mail.before-form-{LATEST}.{end}"))
    }

    /// A store of the first form with one letter in it.
    fn first_form(profile: &Path) {
        let store = Store::open_as(profile, 1).unwrap();
        // What writes today asks whether a folder is seen, which that form did not know.
        let alter = |sql| Connection::open(store.path()).unwrap().execute_batch(sql).unwrap();
        alter("ALTER TABLE folder ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0");
        let folder = store.ensure_folder("local/a").unwrap();
        let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
        let prepared = prepare(mime::parse(RAW), &with, &mut Packer::new(None));
        store.add(&[(folder, Incoming::New(Box::new(prepared)), Flags::NONE)]).unwrap();
        alter("ALTER TABLE folder DROP COLUMN hidden");
    }

    fn form(path: &Path) -> i64 {
        let conn = Connection::open(path).unwrap();
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_store_of_the_first_form_is_copied_and_brought_up() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        assert_eq!(form(&dir.path().join("mail.sqlite")), 1);

        let store = Store::open(dir.path()).unwrap();
        assert_eq!(form(store.path()), LATEST);
        assert_eq!(store.raw(LetterId(1)).unwrap(), RAW);
        assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
        let rule = Rule { scope: Scope::Sender("a@example.org".into()), proof: Proof::None };
        store.add_rule(&rule).unwrap();
        assert_eq!(store.rules().unwrap(), [rule]);

        // The copy is the store of before, whole.
        let copy = copy_of(dir.path(), "sqlite");
        assert_eq!(form(&copy), 1);
        let conn = Connection::open(&copy).unwrap();
        let subject: String =
            conn.query_row("SELECT subject FROM mail", [], |row| row.get(0)).unwrap();
        assert_eq!(subject, "kept");
        conn.query_row("SELECT count(*) FROM rule", [], |_| Ok(())).unwrap_err();
        assert!(!copy_of(dir.path(), "half").exists());
    }

    #[test]
    fn a_store_of_the_form_before_lists_its_conversations() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_as(dir.path(), 7).unwrap();
        let folder = store.ensure_folder("local/a").unwrap();
        let add = |store: &Store, raw: &[u8]| {
            let with = Circumstances { now: 1_800_000_000, ..Circumstances::default() };
            let prepared = prepare(mime::parse(raw), &with, &mut Packer::new(None));
            store.add(&[(folder, Incoming::New(Box::new(prepared)), Flags::NONE)]).unwrap();
        };
        add(&store, b"From: a@x.example\nMessage-ID: <1@x>\nSubject: one\n\nx\n");
        add(&store, b"From: b@x.example\nMessage-ID: <2@x>\nSubject: two\n\nx\n");
        add(&store, b"From: b@x.example\nReferences: <1@x>\nSubject: Re: one\n\nx\n");
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(form(store.path()), LATEST);
        assert_eq!(form(&copy_of(dir.path(), "sqlite")), 7);
        let folders = [folder];
        let list = store.bundled(Among::Folders(&folders), Sort::Newest).unwrap();
        let mut sizes: Vec<usize> = (0..list.len()).map(|at| list.letters(at).len()).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 2]);
        assert_eq!(store.check(false, |_, _| {}).unwrap().wrong, 0);
    }

    #[test]
    fn a_copy_that_was_broken_off_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        std::fs::write(copy_of(dir.path(), "half"), b"half a copy").unwrap();
        Store::open(dir.path()).unwrap();
        assert_eq!(form(&copy_of(dir.path(), "sqlite")), 1);
    }

    #[test]
    fn many_programs_at_once_change_it_once() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Store::open(dir.path()).unwrap());
            }
        });
        assert_eq!(form(&dir.path().join("mail.sqlite")), LATEST);
        assert_eq!(form(&copy_of(dir.path(), "sqlite")), 1);
    }

    #[test]
    fn a_store_without_room_for_its_copy_stays_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        first_form(dir.path());
        // A folder stands where the copy would go.
        let half = copy_of(dir.path(), "half");
        std::fs::create_dir(&half).unwrap();
        assert!(matches!(Store::open(dir.path()), Err(StoreError::Io { .. })));
        assert_eq!(form(&dir.path().join("mail.sqlite")), 1);
    }

    #[test]
    fn a_store_of_a_newer_program_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        drop(Store::open(dir.path()).unwrap());
        let conn = Connection::open(dir.path().join("mail.sqlite")).unwrap();
        conn.pragma_update(None, "user_version", LATEST + 1).unwrap();
        let refused = Store::open(dir.path());
        let Err(StoreError::TooNew { found, known }) = refused else { panic!("{refused:?}") };
        assert_eq!((found, known), (LATEST + 1, LATEST));
    }
}
