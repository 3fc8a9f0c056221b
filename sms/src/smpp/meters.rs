//! Counters and gauges, registered once.

use metrics::{Counter, Gauge, Histogram};

/// Those of a road.
pub(super) struct RoadMeters {
    pub(super) accepted: Counter,
    pub(super) throttled: Counter,
    pub(super) queue_full: Counter,
    pub(super) not_taken: Counter,
    pub(super) refused: Counter,
    pub(super) uncertain: Counter,
    pub(super) deliveries: Counter,
    pub(super) receipts: Counter,
    pub(super) receipts_unread: Counter,
    pub(super) put_off: Counter,
    pub(super) malformed: Counter,
    pub(super) latency: Histogram,
}

impl RoadMeters {
    pub(super) fn new(road: &str) -> Self {
        describe();
        let road = road.to_owned();
        let submits = |outcome: &'static str| metrics::counter!("sms_submits_total", "road" => road.clone(), "outcome" => outcome);
        Self {
            accepted: submits("accepted"),
            throttled: submits("throttled"),
            queue_full: submits("queue_full"),
            not_taken: submits("not_taken"),
            refused: submits("refused"),
            uncertain: submits("uncertain"),
            deliveries: metrics::counter!("sms_deliver_total", "road" => road.clone()),
            receipts: metrics::counter!("sms_receipts_total", "road" => road.clone()),
            receipts_unread: metrics::counter!("sms_receipts_unread_total", "road" => road.clone()),
            put_off: metrics::counter!("sms_deliveries_put_off_total", "road" => road.clone()),
            malformed: metrics::counter!("sms_pdus_malformed_total", "road" => road.clone()),
            latency: metrics::histogram!("sms_submit_seconds", "road" => road.clone()),
        }
    }
}

/// Those of a bind.
pub(super) struct BindMeters {
    pub(super) up: Gauge,
    pub(super) refused: Gauge,
    pub(super) window_used: Gauge,
    pub(super) rate: Gauge,
}

impl BindMeters {
    pub(super) fn new(road: &str, bind: &str) -> Self {
        let gauge = |name: &'static str| metrics::gauge!(name, "road" => road.to_owned(), "bind" => bind.to_owned());
        let meters = Self {
            up: gauge("sms_bind_up"),
            refused: gauge("sms_bind_refused"),
            window_used: gauge("sms_window_used"),
            rate: gauge("sms_rate_per_second"),
        };
        meters.up.set(0);
        meters.refused.set(0);
        meters
    }
}

fn describe() {
    metrics::describe_gauge!("sms_bind_up", "1 while the bind is up");
    metrics::describe_gauge!("sms_bind_refused", "1 where the SMSC refused the account: an operator must look");
    metrics::describe_gauge!("sms_window_used", "Submits of a bind that wait for their response");
    metrics::describe_gauge!("sms_rate_per_second", "Submits a second that a bind allows itself now");
    metrics::describe_counter!("sms_submits_total", "Submits by outcome");
    metrics::describe_counter!("sms_deliver_total", "Messages that were taken from an SMSC");
    metrics::describe_counter!("sms_receipts_total", "Delivery receipts that were taken from an SMSC");
    metrics::describe_counter!("sms_receipts_unread_total", "Delivery receipts that could not be read");
    metrics::describe_counter!("sms_deliveries_put_off_total", "Messages and receipts that could not be stored");
    metrics::describe_counter!("sms_pdus_malformed_total", "PDUs that could not be read");
    metrics::describe_histogram!("sms_submit_seconds", metrics::Unit::Seconds, "From a permit to the SMSC's response");
}
