-- What comes in and goes out, each row in one of few states. Indexes are
-- partial: only rows that somebody will still look for are in one, so a row's
-- usual way writes few pages (docs/adr/0002-store.md).

-- Each start of a mailbox, and each process that only writes messages down,
-- takes a number here: ids of rows are number << 40 | serial. A number whose
-- row is gone, or was not seen for a while, is a dead node's.
CREATE TABLE nodes (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);

-- state: 0 waiting, 1 later, 2 answered, 3 ignored. The sender and the text
-- are wiped by the update that makes it 2 or 3.
CREATE TABLE inbox (
    id           BIGINT PRIMARY KEY,
    channel      TEXT   NOT NULL,
    provider     TEXT   NOT NULL,
    sender       TEXT   NOT NULL,
    recipient    TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    assurance    BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    answer_by    BIGINT NOT NULL,
    state        BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    again_at     BIGINT NOT NULL,
    node         BIGINT,
    settled_at   BIGINT,
    -- The first row and the number of rows in the outbox that told the citizen
    -- to wait, and that were the answer.
    wait_from    BIGINT,
    wait_rows    BIGINT,
    sent_from    BIGINT,
    sent_rows    BIGINT
);
CREATE INDEX inbox_by_node ON inbox (node) WHERE state < 2;
CREATE INDEX inbox_of_nobody ON inbox (channel, again_at) WHERE state < 2 AND node IS NULL;

CREATE TABLE inbound_parts (
    part_set    BYTEA  NOT NULL CHECK (length(part_set) = 16),
    sequence    BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    channel     TEXT   NOT NULL,
    provider    TEXT   NOT NULL,
    sender      TEXT   NOT NULL,
    recipient   TEXT   NOT NULL,
    assurance   BIGINT NOT NULL,
    coding      BIGINT NOT NULL,
    octets      BYTEA  NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (part_set, sequence)
);

-- The rest of an answer that was too long, by the keyed hash of its owner.
CREATE TABLE rests (
    owner    BYTEA  PRIMARY KEY CHECK (length(owner) = 16),
    text     TEXT   NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX rests_by_end ON rests (until_at);

-- state: 0 queued, 1 submitting, 2 accepted, 3 uncertain, 4 delivered,
-- 5 failed, 6 expired, 7 unknown. The text is wiped by the update that leads
-- past 1, the recipient by the one that makes it final. attempt is who began
-- the hand-over last: a number that is never given twice.
CREATE TABLE outbox (
    id           BIGINT PRIMARY KEY,
    channel      TEXT   NOT NULL,
    route        TEXT   NOT NULL,
    category     BIGINT NOT NULL,
    lane         BIGINT NOT NULL,
    recipient    TEXT   NOT NULL,
    sender       TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    part         BIGINT NOT NULL,
    parts        BIGINT NOT NULL,
    reference    BIGINT NOT NULL,
    queued_at    BIGINT NOT NULL,
    not_before   BIGINT NOT NULL,
    valid_until  BIGINT NOT NULL,
    repeatable   BIGINT NOT NULL,
    answers      BIGINT,
    state        BIGINT NOT NULL,
    tries        BIGINT NOT NULL,
    node         BIGINT,
    attempt      BIGINT,
    provider_id  TEXT   NOT NULL,
    canonical_id TEXT   NOT NULL,
    error        TEXT   NOT NULL,
    submitted_at BIGINT,
    accepted_at  BIGINT,
    final_at     BIGINT
);
CREATE INDEX outbox_by_node ON outbox (node) WHERE state < 2;
CREATE INDEX outbox_of_nobody ON outbox (channel, lane, not_before) WHERE state = 0 AND node IS NULL;
CREATE INDEX outbox_accepted ON outbox (route, canonical_id) WHERE state = 2;
CREATE INDEX outbox_uncertain ON outbox (route) WHERE state = 3;

-- Receipts whose message nobody knows yet.
CREATE TABLE held_receipts (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    route        TEXT   NOT NULL,
    provider_id  TEXT   NOT NULL,
    canonical_id TEXT   NOT NULL,
    recipient    TEXT   NOT NULL,
    state        BIGINT NOT NULL,
    error        TEXT   NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX held_receipts_by_id ON held_receipts (route, canonical_id);

-- One-time codes: hashes only. Those that were issued count for the pause and
-- for the day, of the dossier and of the phone that receives them.
CREATE TABLE codes (
    dossier  BYTEA  PRIMARY KEY CHECK (length(dossier) = 16),
    code     BYTEA  NOT NULL CHECK (length(code) = 16),
    until_at BIGINT NOT NULL,
    tries    BIGINT NOT NULL
);
CREATE INDEX codes_by_end ON codes (until_at);
CREATE TABLE code_issues (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier BYTEA   NOT NULL CHECK (length(dossier) = 16),
    phone   BYTEA   NOT NULL CHECK (length(phone) = 16),
    at      BIGINT  NOT NULL
);
CREATE INDEX code_issues_by_dossier ON code_issues (dossier, at);
CREATE INDEX code_issues_by_phone ON code_issues (phone, at);
CREATE INDEX code_issues_by_time ON code_issues (at);

-- Which sender has proved which dossier.
CREATE TABLE proven (
    sender   BYTEA  NOT NULL CHECK (length(sender) = 16),
    dossier  BYTEA  NOT NULL CHECK (length(dossier) = 16),
    until_at BIGINT NOT NULL,
    PRIMARY KEY (sender, dossier)
);
CREATE INDEX proven_by_end ON proven (until_at);

-- Every wish as it was made; the newest one of a category, or of all ('')
-- holds. Digits in the words are masked.
CREATE TABLE contact_wishes (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone    BYTEA   NOT NULL CHECK (length(phone) = 16),
    category TEXT    NOT NULL,
    refused  BIGINT  NOT NULL,
    words    TEXT    NOT NULL,
    at       BIGINT  NOT NULL
);
CREATE INDEX contact_wishes_by_phone ON contact_wishes (phone, category, id);
CREATE INDEX contact_wishes_by_time ON contact_wishes (at);

-- Notices that a phone was sent on a day (yyyymmdd).
CREATE TABLE notice_counts (
    phone BYTEA  NOT NULL CHECK (length(phone) = 16),
    day   BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (phone, day)
);
CREATE INDEX notice_counts_by_day ON notice_counts (day);

-- "Tell me when it moves." Number and recipient are kept in clear, because
-- the watcher asks for the one and writes to the other.
CREATE TABLE subscriptions (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone      BYTEA   NOT NULL CHECK (length(phone) = 16),
    dossier    BYTEA   NOT NULL CHECK (length(dossier) = 16),
    number     TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    locale     TEXT    NOT NULL,
    channel    TEXT    NOT NULL,
    words      TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    seen       TEXT    NOT NULL,
    due_at     BIGINT,
    until_at   BIGINT  NOT NULL,
    look_at    BIGINT  NOT NULL,
    UNIQUE (phone, dossier)
);
CREATE INDEX subscriptions_by_look ON subscriptions (look_at);
CREATE INDEX subscriptions_by_end ON subscriptions (until_at);
