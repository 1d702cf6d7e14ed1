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
