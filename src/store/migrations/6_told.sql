-- told: the user was told that it failed, or that nobody knows.
ALTER TABLE recipient ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
CREATE INDEX recipient_untold ON recipient (id) WHERE told = 0;
CREATE INDEX receipt_fetch_untold ON receipt_fetch (recipient_id) WHERE told = 0;
