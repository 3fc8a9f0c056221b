-- Texts that were not understood, masked by the Desk and sealed under a key that
-- is derived from the operator's secret; deleted at until_at.
CREATE TABLE misses (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT   NOT NULL,
    channel  TEXT   NOT NULL,
    locale   TEXT   NOT NULL,
    text     BLOB   NOT NULL,
    key_id   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX misses_by_kind ON misses (kind, id);
CREATE INDEX misses_by_end ON misses (until_at);

-- What officers teach. state: 0 proposed, 1 being checked, 2 live, 3 rejected,
-- 4 undone. The text is sealed for its lesson and its proposer; text_hash keeps
-- one text from being taught twice at a time. Nobody confirms an own proposal.
CREATE TABLE proposals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT   NOT NULL,
    target      TEXT   NOT NULL,
    text        BLOB   NOT NULL,
    key_id      TEXT   NOT NULL,
    text_hash   BLOB   NOT NULL CHECK (length(text_hash) = 16),
    state       BIGINT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_by  BIGINT,
    decided_at  BIGINT,
    undone_by   BIGINT,
    undone_at   BIGINT,
    verdict     TEXT   NOT NULL DEFAULT '',
    until_at    BIGINT,
    CHECK (state NOT IN (1, 2) OR (decided_by IS NOT NULL AND decided_by <> proposed_by))
);
CREATE UNIQUE INDEX proposals_open ON proposals (text_hash) WHERE state < 3;
CREATE INDEX proposals_by_state ON proposals (state, id);
CREATE INDEX proposals_by_end ON proposals (until_at) WHERE until_at IS NOT NULL;

-- Changes whenever what is live does: other nodes look at it.
CREATE TABLE taught (
    one     BIGINT PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL
);
INSERT INTO taught (one, version) VALUES (1, 0);
