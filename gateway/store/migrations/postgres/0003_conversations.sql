-- What was said before, for follow-up questions. Sealed under a key that is
-- derived from the operator's secret: without it a row tells that somebody
-- asked, until about when it is remembered, and how long it is. key_id names
-- the secret. until_at and conversation belong to what is sealed, so a row
-- opens under no other hash and for no longer.
CREATE TABLE conversations (
    conversation BYTEA  PRIMARY KEY CHECK (length(conversation) = 16),
    sealed       BYTEA  NOT NULL,
    until_at     BIGINT NOT NULL,
    key_id       TEXT   NOT NULL
);
CREATE INDEX conversations_by_end ON conversations (until_at);
