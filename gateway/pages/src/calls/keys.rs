//! Every Fluent key of the calls' pages. A test holds the table against
//! `locales/<language>/calls.ftl` in both directions.

use gateway_core::domain::CallReason;
pub(super) use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(super)
    NAV = "calls-nav" [];
    TITLE = "calls-title" [];
    LEAD = "calls-lead" [];
    NONE = "calls-none" [];
    ALERT = "calls-alert" ["count"];
    SITE = "calls-site" [];
    COUNTER = "calls-counter" [];
    REASON = "calls-reason" [];
    REASON_HELP = "calls-reason-help" [];
    REASON_TROUBLE = "calls-reason-trouble" [];
    REASON_ACCESSIBILITY = "calls-reason-accessibility" [];
    WAITS = "calls-waits" [];
    WAITS_NOW = "calls-waits-now" [];
    WAITS_MINUTES = "calls-waits-minutes" ["count"];
    LATE = "calls-late" [];
    COMING = "calls-coming" [];
    YOU = "calls-you" [];
    COME = "calls-come" ["terminal"];
    DONE = "calls-done" ["terminal"];
    SAID = "calls-said" ["terminal", "reason"];
    SAID_LATE = "calls-said-late" ["terminal", "reason"];
    QUICKER = "calls-quicker" ["name"];
    GONE = "calls-gone" [];
    SOUND_ON = "calls-sound-on" [];
    SOUND_OFF = "calls-sound-off" [];
    SOUND_BLOCKED = "calls-sound-blocked" [];
    PAUSED = "calls-paused" [];
    RELOAD = "calls-reload" [];
}

/// Why an officer is wanted.
pub(super) const fn reason(reason: CallReason) -> Key {
    match reason {
        CallReason::Help => REASON_HELP,
        CallReason::Trouble => REASON_TROUBLE,
        CallReason::Accessibility => REASON_ACCESSIBILITY,
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "calls.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        check::all_are_spoken(ALL, &check::sources("src/calls", true), &["keys::", "=> "]);
    }
}
