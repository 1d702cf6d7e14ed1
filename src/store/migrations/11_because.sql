-- The subject of the letter that a decision was made on; NULL: of none, or from before.
ALTER TABLE rule ADD COLUMN letter TEXT;
