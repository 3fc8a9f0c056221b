-- A messenger's account and a telephone that are one citizen's, by consent: by
-- keyed hashes alone. An account has one phone; what is shown of the phone (its
-- last digits), and the citizen's words, are sealed for this row. A link that
-- nobody uses ends by itself.
CREATE TABLE links (
    account  BLOB NOT NULL PRIMARY KEY CHECK (length(account) = 16),
    phone    BLOB NOT NULL CHECK (length(phone) = 16),
    channel  TEXT   NOT NULL,
    -- By what it was proved: code, contact.
    proof    TEXT   NOT NULL,
    -- The version of the words that were consented to.
    consent  TEXT   NOT NULL,
    since    BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    key_id   TEXT   NOT NULL,
    sealed   BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX links_by_phone ON links (phone, since);
CREATE INDEX links_by_end ON links (until_at);

-- What an account was shown, and waits for a proof. Code and phone are empty
-- where the messenger's contact button alone is awaited.
CREATE TABLE link_offers (
    account  BLOB NOT NULL PRIMARY KEY CHECK (length(account) = 16),
    phone    BLOB NOT NULL,
    code     BLOB NOT NULL,
    tries    BIGINT NOT NULL,
    channel  TEXT   NOT NULL,
    consent  TEXT   NOT NULL,
    until_at BIGINT NOT NULL,
    key_id   TEXT   NOT NULL,
    sealed   BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX link_offers_by_phone ON link_offers (phone);
CREATE INDEX link_offers_by_end ON link_offers (until_at);

-- How many codes went out, by account and by phone.
CREATE TABLE link_issues (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL CHECK (length(account) = 16),
    phone   BLOB NOT NULL CHECK (length(phone) = 16),
    at      BIGINT NOT NULL
);
CREATE INDEX link_issues_by_account ON link_issues (account, at);
CREATE INDEX link_issues_by_phone ON link_issues (phone, at);
CREATE INDEX link_issues_by_time ON link_issues (at);
