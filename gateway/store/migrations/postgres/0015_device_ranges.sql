-- Serials of tickets that a terminal may give by itself while the gateway is out of
-- its reach.
CREATE TABLE device_ranges (
    device       TEXT   NOT NULL,
    -- Its agency's code, as the queue writes it.
    site         TEXT   NOT NULL,
    first_serial BIGINT NOT NULL,
    last_serial  BIGINT NOT NULL,
    -- yyyymmdd: the last day on which it may have given one; null: it still may.
    until_day    BIGINT,
    PRIMARY KEY (device, first_serial, last_serial)
);
CREATE INDEX device_ranges_by_site ON device_ranges (site, until_day);
CREATE UNIQUE INDEX device_ranges_current ON device_ranges (device) WHERE until_day IS NULL;
