-- Terminals of the administration. A public key opens nothing: what signs lies on
-- the terminal. What a terminal said last of itself is in its row.
CREATE TABLE devices (
    id             TEXT   NOT NULL PRIMARY KEY,
    -- Where it stands: an agency's code.
    site           TEXT   NOT NULL,
    name           TEXT   NOT NULL,
    public_key     BLOB NOT NULL CHECK (length(public_key) = 32),
    enrolled_at    BIGINT NOT NULL,
    revoked_at     BIGINT,
    version        TEXT   NOT NULL,
    -- Of the last heartbeat; null before the first.
    heard_at       BIGINT,
    printer        TEXT   NOT NULL,
    latency_ms     BIGINT,
    catalogue_at   BIGINT,
    last_use       BIGINT,
    screens_failed BIGINT NOT NULL
) WITHOUT ROWID;

-- Codes that wait for their terminal, by keyed hash. One that was used stays to
-- its end, so that a terminal that lost the answer may ask again.
CREATE TABLE enrolments (
    code     BLOB NOT NULL PRIMARY KEY CHECK (length(code) = 16),
    site     TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    made_at  BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    -- Whom it became.
    device   TEXT
) WITHOUT ROWID;
CREATE INDEX enrolments_by_end ON enrolments (until_at);

-- Nonces of signed requests that a clock might still let in again.
CREATE TABLE device_nonces (
    device   TEXT   NOT NULL,
    nonce    BLOB NOT NULL CHECK (length(nonce) = 16),
    until_at BIGINT NOT NULL,
    PRIMARY KEY (device, nonce)
) WITHOUT ROWID;
CREATE INDEX device_nonces_by_end ON device_nonces (until_at);

-- Calls for an officer. A terminal has one that is open.
CREATE TABLE kiosk_calls (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    device    TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    counter   TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    until_at  BIGINT NOT NULL,
    coming_at BIGINT,
    done_at   BIGINT,
    officer   BIGINT
);
CREATE UNIQUE INDEX kiosk_calls_open ON kiosk_calls (device) WHERE done_at IS NULL;
CREATE INDEX kiosk_calls_by_end ON kiosk_calls (until_at);
