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
