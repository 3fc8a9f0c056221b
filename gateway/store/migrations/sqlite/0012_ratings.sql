-- What citizens think of a service. What is rated (a dossier's number) and their
-- words are sealed for their place, and wiped once the portal has them.
-- state: 0 waits for the portal, 1 under way, 2 the portal has it, 3 uncertain
-- (never again), 4 given up or refused, 5 not for the portal.
CREATE TABLE ratings (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    place       BLOB NOT NULL CHECK (length(place) = 16),
    kind        TEXT   NOT NULL,
    site        TEXT   NOT NULL,
    score       BIGINT NOT NULL CHECK (score BETWEEN 1 AND 5),
    reasons     TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    until_at    BIGINT NOT NULL,
    state       BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    lease_until BIGINT,
    done_at     BIGINT,
    key_id      TEXT   NOT NULL,
    sealed      BLOB NOT NULL
);
CREATE INDEX ratings_waiting ON ratings (next_at, id) WHERE state = 0;
CREATE INDEX ratings_under_way ON ratings (lease_until) WHERE state = 1;
CREATE INDEX ratings_uncertain ON ratings (id) WHERE state = 3;
CREATE INDEX ratings_ours ON ratings (until_at) WHERE state = 5;
CREATE INDEX ratings_by_time ON ratings (at);
