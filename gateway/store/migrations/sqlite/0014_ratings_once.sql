-- What makes a rating the same one when it comes again: a keyed hash of a terminal
-- and its request's key, or of a dossier and who rates it.
ALTER TABLE ratings ADD COLUMN once BLOB;
CREATE UNIQUE INDEX ratings_once ON ratings (once) WHERE once IS NOT NULL;
