-- What was said in conversations, for the officer who takes one over and for
-- browsers, sealed like conversations (0003) and deleted at until_at. Whoever
-- writes the same key again writes nothing.
CREATE TABLE transcript_lines (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_key     BYTEA  NOT NULL UNIQUE CHECK (length(line_key) = 16),
    conversation BYTEA  NOT NULL CHECK (length(conversation) = 16),
    speaker      TEXT   NOT NULL,
    sealed       BYTEA  NOT NULL,
    key_id       TEXT   NOT NULL,
    understood   TEXT   NOT NULL,
    officer      BIGINT,
    at           BIGINT NOT NULL,
    until_at     BIGINT NOT NULL
);
CREATE INDEX transcript_lines_by_conversation ON transcript_lines (conversation, id);
CREATE INDEX transcript_lines_by_end ON transcript_lines (until_at);

-- Citizens on their way to a person. state: 0 waiting, 1 held, 2 over. Where
-- words go is sealed, and wiped by the update that ends it. touched_at is when
-- the officer was last seen, or since when it waits. voice is what the
-- house's own messages bear as outbox.form: none is begun while state is 1.
CREATE TABLE handovers (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation   BYTEA  NOT NULL CHECK (length(conversation) = 16),
    voice          TEXT   NOT NULL,
    channel        TEXT   NOT NULL,
    provider       TEXT   NOT NULL,
    chat           BYTEA  NOT NULL,
    key_id         TEXT   NOT NULL,
    sender         BYTEA  NOT NULL CHECK (length(sender) = 16),
    locale         TEXT   NOT NULL,
    site           TEXT   NOT NULL,
    reason         TEXT   NOT NULL,
    for_supervisor BIGINT NOT NULL,
    state          BIGINT NOT NULL,
    officer        BIGINT,
    opened_at      BIGINT NOT NULL,
    claimed_at     BIGINT,
    touched_at     BIGINT NOT NULL,
    closed_at      BIGINT,
    outcome        TEXT   NOT NULL,
    until_at       BIGINT NOT NULL
);
-- One at a time for each conversation.
CREATE UNIQUE INDEX handovers_open ON handovers (conversation) WHERE state < 2;
CREATE INDEX handovers_held ON handovers (voice) WHERE state = 1;
-- What the house has still to say in a conversation, however long the queue is.
CREATE INDEX outbox_of_house ON outbox (form) WHERE state < 2 AND substr(form, 1, 6) = 'house:';
CREATE INDEX handovers_by_sender ON handovers (sender, id);
CREATE INDEX handovers_by_close ON handovers (closed_at);
CREATE INDEX handovers_by_end ON handovers (until_at);

-- Wishes to be called back: the number is sealed, and the row goes when it is
-- done.
CREATE TABLE callbacks (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation BYTEA  NOT NULL UNIQUE CHECK (length(conversation) = 16),
    channel      TEXT   NOT NULL,
    phone        BYTEA  NOT NULL,
    key_id       TEXT   NOT NULL,
    locale       TEXT   NOT NULL,
    consent      TEXT   NOT NULL,
    officer      BIGINT,
    at           BIGINT NOT NULL,
    until_at     BIGINT NOT NULL
);
CREATE INDEX callbacks_by_end ON callbacks (until_at);
