//! Every Fluent key of the queue's pages. A test holds the table against
//! `locales/<language>/counter.ftl` in both directions.

use gateway_core::domain::queue::Priority;
pub(super) use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(super)
    NAV_COUNTER = "counter-nav" [];
    TITLE = "counter-title" ["counter"];
    CHOOSE = "counter-choose" [];
    CHOOSE_TITLE = "counter-choose-title" [];
    CHOOSE_LEAD = "counter-choose-lead" [];
    CHOOSE_NONE = "counter-choose-none" [];
    NO_COUNTER_TITLE = "counter-unknown-title" [];
    NO_COUNTER = "counter-unknown" [];
    OPEN_HALL = "counter-open-hall" [];
    PAUSED = "counter-paused" [];
    RELOAD = "counter-reload" [];
    CURRENT = "counter-current" [];
    CURRENT_NONE = "counter-current-none" [];
    STATE_CALLED = "counter-state-called" ["calls", "time"];
    STATE_SERVING = "counter-state-serving" ["time"];
    NEXT = "counter-next" [];
    RECALL = "counter-recall" [];
    SERVE = "counter-serve" [];
    HOLD = "counter-hold" [];
    NO_SHOW = "counter-no-show" [];
    FINISH = "counter-finish" [];
    TRANSFER_TITLE = "counter-transfer-title" [];
    TRANSFER_SERVICE = "counter-transfer-service" [];
    TRANSFER_COUNTER = "counter-transfer-counter" [];
    TRANSFER_ANY = "counter-transfer-any" [];
    TRANSFER = "counter-transfer" [];
    SERVICES = "counter-services" ["count"];
    SERVICE = "counter-service" [];
    WAITING = "counter-waiting" [];
    WAIT = "counter-wait" [];
    WAIT_UNKNOWN = "counter-wait-unknown" [];
    MINUTES = "counter-minutes" ["minutes"];
    OURS = "counter-ours" [];
    YES = "counter-yes" [];
    NO = "counter-no" [];
    HELD = "counter-held" ["count"];
    LINE = "counter-line" ["count"];
    MORE = "counter-more" ["count"];
    NO_SHOWS = "counter-no-shows" ["count"];
    ELSEWHERE = "counter-elsewhere" ["count"];
    AT_CALLED = "counter-at-called" ["number", "counter"];
    AT_SERVING = "counter-at-serving" ["number", "counter"];
    AT_HELD = "counter-at-held" ["number", "counter"];
    CALL_NUMBER = "counter-call-number" ["number"];
    RESUME = "counter-resume-number" ["number"];
    FINISH_NUMBER = "counter-finish-number" ["number"];
    NO_SHOW_NUMBER = "counter-no-show-number" ["number"];
    BACK_NUMBER = "counter-back-number" ["number"];
    NOBODY = "counter-nobody" [];
    BUSY = "counter-busy" ["number"];
    QUICKER = "counter-quicker" ["number", "counter"];
    CHANGED = "counter-changed" ["number"];
    GONE = "counter-gone" [];
    TOO_OFTEN = "counter-too-often" [];
    NO_SERVICE = "counter-no-service" [];
    PRIORITY_ELDERLY = "counter-priority-elderly" [];
    PRIORITY_DISABLED = "counter-priority-disabled" [];
    PRIORITY_PREGNANT = "counter-priority-pregnant" [];
    PRIORITY_INFANT = "counter-priority-infant" [];
    PRIORITY_MERIT = "counter-priority-merit" [];
    HALL_TITLE = "hall-title" ["site"];
    HALL_OPEN = "hall-open" [];
    HALL_OPEN_UNTIL = "hall-open-until" ["time"];
    HALL_CLOSED = "hall-closed" [];
    HALL_CLOSED_UNTIL = "hall-closed-until" ["moment"];
    HALL_CALLED = "hall-called" [];
    HALL_CALLED_NONE = "hall-called-none" [];
    HALL_SERVED = "hall-served" [];
    HALL_SPOKEN = "hall-spoken" ["number", "counter"];
    HALL_WAITING = "hall-waiting" [];
    HALL_NO_NUMBERS = "hall-no-numbers" [];
    HALL_LOST = "hall-lost" [];
    HALL_SOUND_ON = "hall-sound-on" [];
    HALL_SOUND_OFF = "hall-sound-off" [];
    HALL_SOUND_BLOCKED = "hall-sound-blocked" [];
}

/// Why somebody goes before others; `None` where nobody does.
pub(super) const fn priority(priority: Priority) -> Option<Key> {
    match priority {
        Priority::None => None,
        Priority::Elderly => Some(PRIORITY_ELDERLY),
        Priority::Disabled => Some(PRIORITY_DISABLED),
        Priority::Pregnant => Some(PRIORITY_PREGNANT),
        Priority::WithInfant => Some(PRIORITY_INFANT),
        Priority::Merit => Some(PRIORITY_MERIT),
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "counter.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        check::all_are_spoken(ALL, &check::sources("src/queue", true), &["keys::", "Some("]);
    }
}
