-- Secrets that change by themselves (a messenger's tokens). Sealed under a key
-- that is derived from the operator's secret; name and version belong to what
-- is sealed, so no row opens in another's place, and no older writing as a
-- newer one. key_id names the secret.
CREATE TABLE credentials (
    name    TEXT   PRIMARY KEY,
    version BIGINT NOT NULL CHECK (version > 0),
    sealed  BLOB   NOT NULL,
    at      BIGINT NOT NULL,
    key_id  TEXT   NOT NULL
) WITHOUT ROWID;
-- What one node at a time may do, until when unless it goes on having it.
CREATE TABLE leases (
    task     TEXT   PRIMARY KEY,
    holder   TEXT   NOT NULL,
    until_at BIGINT NOT NULL
) WITHOUT ROWID;
