//! Every Fluent key of these pages. A test holds the table against
//! `locales/<language>/continued.ftl` in both directions.

pub(super) use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(super)
    TITLE = "continued-title" [];
    FREE = "continued-free" [];
    FREE_CARE = "continued-free-care" [];
    FREE_BUTTON = "continued-free-button" [];
    MATCH_TITLE = "continued-match-title" [];
    MATCH = "continued-match" [];
    MATCH_BUTTON = "continued-match-button" [];
    MATCH_NOT_YET = "continued-match-not-yet" [];
    TAKEN_TITLE = "continued-taken-title" [];
    TAKEN = "continued-taken" [];
    EXPIRED_TITLE = "continued-expired-title" [];
    MISTYPED_TITLE = "continued-mistyped-title" [];
    REPLACED_TITLE = "continued-replaced-title" [];
    USED_TITLE = "continued-used-title" [];
    UNKNOWN_TITLE = "continued-unknown-title" [];
    OVER = "continued-over" [];
    FRONT = "continued-front" [];
    TICKET_TITLE = "continued-ticket-title" [];
    TICKET_NUMBER = "continued-ticket-number" ["number"];
    TICKET_AGAIN = "continued-ticket-again" [];
    TICKET_NOTE = "continued-ticket-note" [];
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "continued.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        check::all_are_spoken(ALL, &check::sources("src/continued", true), &["keys::"]);
    }
}
