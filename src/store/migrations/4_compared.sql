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
