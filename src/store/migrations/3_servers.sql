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
