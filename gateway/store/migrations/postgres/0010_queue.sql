-- The queue of a centre. No personal data: a ticket tells when somebody came, for
-- what, and whether with priority. Whoever changes something of a site first
-- raises its number of changes, and so has its row for itself to the end of the
-- transaction: what happens at one site happens one after the other, on
-- whichever node, and whoever shows a queue sees by the number that it moved.
CREATE TABLE queue_sites (
    site    TEXT   NOT NULL PRIMARY KEY,
    changes BIGINT NOT NULL
);

-- Of a service and day (yyyymmdd, in Vietnam): the last serial that was given,
-- and how many were called for it.
CREATE TABLE queue_numbers (
    site    TEXT   NOT NULL,
    day     BIGINT NOT NULL,
    service TEXT   NOT NULL,
    last    BIGINT NOT NULL,
    calls   BIGINT NOT NULL,
    PRIMARY KEY (site, day, service)
);
CREATE INDEX queue_numbers_by_day ON queue_numbers (day);

-- Counters that did something on a day: when last, and how many with priority
-- they called in a row.
CREATE TABLE queue_counters (
    site    TEXT   NOT NULL,
    day     BIGINT NOT NULL,
    counter TEXT   NOT NULL,
    run     BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (site, day, counter)
);
CREATE INDEX queue_counters_by_day ON queue_counters (day);

-- state: 0 waiting, 1 called, 2 serving, 3 held, 4 nobody came, 5 finished,
-- 6 left by its day. at_service is where it waits, another one than service
-- after a transfer; for_counter is the only one that may call it (empty: any),
-- counter the one that called it last (empty: none). It waits since rank
-- (microseconds), and is passed over until at_service has called after_call.
CREATE TABLE queue_tickets (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site        TEXT   NOT NULL,
    day         BIGINT NOT NULL,
    service     TEXT   NOT NULL,
    prefix      TEXT   NOT NULL,
    serial      BIGINT NOT NULL,
    code        TEXT   NOT NULL UNIQUE,
    take_key    BYTEA  NOT NULL CHECK (length(take_key) = 16),
    priority    TEXT   NOT NULL,
    favoured    BIGINT NOT NULL,
    state       BIGINT NOT NULL,
    at_service  TEXT   NOT NULL,
    for_counter TEXT   NOT NULL,
    counter     TEXT   NOT NULL,
    rank        BIGINT NOT NULL,
    after_call  BIGINT NOT NULL,
    calls       BIGINT NOT NULL,
    returns     BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    called_at   BIGINT,
    recalled_at BIGINT,
    serving_at  BIGINT,
    ended_at    BIGINT
);
CREATE UNIQUE INDEX queue_tickets_by_number ON queue_tickets (site, day, service, serial);
CREATE UNIQUE INDEX queue_tickets_by_key ON queue_tickets (site, day, take_key);
CREATE INDEX queue_tickets_waiting ON queue_tickets (site, day, at_service, favoured, rank, id) WHERE state = 0;
CREATE INDEX queue_tickets_open ON queue_tickets (site, day, state, id) WHERE state < 5;
CREATE INDEX queue_tickets_unended ON queue_tickets (day) WHERE state < 4;
CREATE INDEX queue_tickets_times ON queue_tickets (site, at_service, ended_at) WHERE state = 5;
CREATE INDEX queue_tickets_by_day ON queue_tickets (day);
