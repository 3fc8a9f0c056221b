-- Times are microseconds since 1970-01-01T00:00:00Z (docs/adr/0002-store.md).
-- Hashes are 16 bytes: keyed BLAKE3 of a sender, dossier, phone or owner.

-- Each start of an audit writer takes a number here; the ids of its rows are
-- number << 40 | serial, so that repeating an insert whose outcome a broken
-- connection left unknown writes no row twice.
CREATE TABLE audit_writers (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    at          BIGINT  NOT NULL,
    request_id  TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    provider    TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    locale      TEXT    NOT NULL,
    sender      BLOB    NOT NULL CHECK (length(sender) = 16),
    dossier     BLOB             CHECK (length(dossier) = 16),
    key_id      TEXT    NOT NULL,
    answer_code TEXT    NOT NULL,
    said        TEXT    NOT NULL,
    elapsed_us  BIGINT  NOT NULL
);
-- Answer codes are random. An index by code alone would make each insert write
-- a page of its own for every row; within runs of 4,096 rows it only ever
-- writes at its end. A look-up asks each run in turn.
CREATE INDEX audit_by_answer_code ON audit (id >> 12, answer_code);

-- Append-only: no row changes, and none younger than 30 days goes. The floor
-- stands below every retention that the configuration accepts.
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit is append-only: rows do not change');
END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN OLD.at > CAST(unixepoch('subsec') * 1000000 AS INTEGER) - 2592000000000
BEGIN
    SELECT RAISE(ABORT, 'audit is append-only: rows stay at least 30 days');
END;

-- Messages that were seen: a hash of channel, provider and message id.
CREATE TABLE seen_messages (
    message BLOB   PRIMARY KEY CHECK (length(message) = 16),
    at      BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX seen_messages_by_time ON seen_messages (at);

-- Proofs that were tried for a dossier on a day (yyyymmdd in Asia/Ho_Chi_Minh).
CREATE TABLE proof_attempts (
    dossier BLOB   NOT NULL CHECK (length(dossier) = 16),
    day     BIGINT NOT NULL,
    count   BIGINT NOT NULL CHECK (count >= 0),
    PRIMARY KEY (dossier, day)
) WITHOUT ROWID;
CREATE INDEX proof_attempts_by_day ON proof_attempts (day);

-- Which owners a phone was registered for.
CREATE TABLE phone_owners (
    phone   BLOB   NOT NULL CHECK (length(phone) = 16),
    owner   BLOB   NOT NULL CHECK (length(owner) = 16),
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (phone, owner)
) WITHOUT ROWID;
CREATE INDEX phone_owners_by_time ON phone_owners (seen_at);

-- Announcements: texts is a JSON object locale -> text, channels a JSON array
-- of channel words (empty: everywhere).
CREATE TABLE notices (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    texts      TEXT    NOT NULL,
    channels   TEXT    NOT NULL,
    from_at    BIGINT  NOT NULL,
    until_at   BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL
);
CREATE INDEX notices_by_end ON notices (until_at);
