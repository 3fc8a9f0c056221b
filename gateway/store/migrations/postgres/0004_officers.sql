-- Officers of the administration: accounts, sessions, failures to sign in, and
-- what was done. Logins and names are those of people who work here; the secret
-- of a second factor is sealed, with its account as associated data.

-- epoch rises whenever what opens the account changes: a session may only begin
-- with the keys that were looked at. sites: agency codes with spaces between,
-- none for all.
CREATE TABLE officers (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login          TEXT   NOT NULL UNIQUE,
    name           TEXT   NOT NULL,
    role           TEXT   NOT NULL,
    sites          TEXT   NOT NULL,
    password       TEXT   NOT NULL,
    second_factor  BYTEA,
    key_id         TEXT   NOT NULL,
    -- The last step of the second factor that was used: none is taken twice.
    used_step      BIGINT NOT NULL,
    disabled       BIGINT NOT NULL,
    epoch          BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    changed_at     BIGINT NOT NULL
);

-- token: the keyed hash of what the browser has. stage: 0 the code is awaited,
-- 1 signed in. It ends at until_at, and idle_us after seen_at.
CREATE TABLE officer_sessions (
    token    BYTEA   PRIMARY KEY CHECK (length(token) = 16),
    officer  BIGINT NOT NULL REFERENCES officers (id),
    stage    BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    seen_at  BIGINT NOT NULL,
    idle_us  BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX officer_sessions_by_officer ON officer_sessions (officer, begun_at);
CREATE INDEX officer_sessions_by_end ON officer_sessions (until_at);

-- Failures of a login (which need not exist) or of a network.
CREATE TABLE officer_tries (
    who          BYTEA   PRIMARY KEY CHECK (length(who) = 16),
    failures     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
CREATE INDEX officer_tries_by_time ON officer_tries (last_at);

CREATE TABLE officer_acts (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    act     TEXT   NOT NULL,
    officer BIGINT,
    account BIGINT,
    target  BYTEA   CHECK (length(target) = 16),
    address BYTEA   CHECK (length(address) = 16),
    key_id  TEXT   NOT NULL
);
CREATE INDEX officer_acts_by_officer ON officer_acts (officer, id);
CREATE INDEX officer_acts_by_account ON officer_acts (account, id);
CREATE INDEX officer_acts_by_time ON officer_acts (at);

-- Append-only, as the audit is.
CREATE FUNCTION officer_acts_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'officer_acts is append-only: rows do not change';
END $$;
CREATE TRIGGER officer_acts_never_change BEFORE UPDATE ON officer_acts
    FOR EACH ROW EXECUTE FUNCTION officer_acts_never_change();
CREATE TRIGGER officer_acts_never_emptied BEFORE TRUNCATE ON officer_acts
    FOR EACH STATEMENT EXECUTE FUNCTION officer_acts_never_change();
CREATE FUNCTION officer_acts_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - 2592000000000 THEN
        RAISE EXCEPTION 'officer_acts is append-only: rows stay at least 30 days';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER officer_acts_are_kept BEFORE DELETE ON officer_acts
    FOR EACH ROW EXECUTE FUNCTION officer_acts_are_kept();
