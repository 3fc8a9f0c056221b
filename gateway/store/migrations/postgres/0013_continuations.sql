-- Pages that go on on a phone. Token, phone and digits stand here as keyed hashes;
-- the page is sealed for its token, and wiped when it has been gone to or is over.
-- over: 0 it is not (but for its time), 1 the phone has gone on, 2 the digits were
-- wrong too often, 3 the terminal made another one.
CREATE TABLE continuations (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device       TEXT   NOT NULL,
    token        BYTEA NOT NULL UNIQUE CHECK (length(token) = 16),
    key_id       TEXT   NOT NULL,
    sealed       BYTEA NOT NULL,
    made_at      BIGINT NOT NULL,
    until_at     BIGINT NOT NULL,
    -- Wrong digits that it still bears.
    tries        BIGINT NOT NULL CHECK (tries >= 0),
    -- The one phone, and the digits that it shows.
    phone        BYTEA,
    code         BYTEA,
    confirmed_at BIGINT,
    over         BIGINT NOT NULL
);
-- A terminal has one.
CREATE UNIQUE INDEX continuations_live ON continuations (device) WHERE over = 0;
CREATE INDEX continuations_by_end ON continuations (until_at);
