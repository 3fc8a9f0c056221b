//! Every Fluent key that this crate speaks by itself, with its arguments. A
//! test holds the table against `locales/<language>/pages.ftl` in both directions.

pub(crate) use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(crate)
    // The shell.
    BRAND = "pages-brand" [];
    BRAND_SUB = "pages-brand-sub" [];
    SKIP = "pages-skip" [];
    NAV = "pages-nav" [];
    NAV_FRONT = "pages-nav-front" [];
    NAV_DOSSIERS = "pages-nav-dossiers" [];
    NAV_PROCEDURES = "pages-nav-procedures" [];
    NAV_CHAT = "pages-nav-chat" [];
    LANGUAGE_NAME = "pages-language-name" [];
    LANGUAGE_SWITCH = "pages-language-switch" [];
    THEME = "pages-theme" [];
    FOOT_HOURS = "pages-foot-hours" [];
    FOOT_HELP = "pages-foot-help" [];
    FOOT_HOTLINE = "pages-foot-hotline" [];
    FOOT_PRIVACY = "pages-foot-privacy" [];
    NOTICES = "pages-notices" [];

    // The front page.
    FRONT_TITLE = "pages-front-title" [];
    FRONT_LEAD = "pages-front-lead" [];
    ASK_LABEL = "pages-ask-label" [];
    ASK_HINT = "pages-ask-hint" [];
    ASK_BUTTON = "pages-ask-button" [];
    FRONT_MOST_ASKED = "pages-front-most-asked" [];
    FRONT_EVENTS = "pages-front-events" [];
    FRONT_DOSSIER = "pages-front-dossier" [];
    SEE_ALL = "pages-see-all" [];
    EVENT_CHILD = "pages-event-child" [];
    EVENT_MARRIAGE = "pages-event-marriage" [];
    EVENT_HOME = "pages-event-home" [];
    EVENT_PAPERS = "pages-event-papers" [];
    EVENT_VEHICLE = "pages-event-vehicle" [];
    EVENT_BUSINESS = "pages-event-business" [];
    EVENT_LAND = "pages-event-land" [];
    EVENT_FAREWELL = "pages-event-farewell" [];
    EVENT_LEAD = "pages-event-lead" [];
    SORRY = "pages-sorry" [];
    ANSWER_TITLE = "pages-answer-title" [];
    YOU_ASKED = "pages-you-asked" [];
    ASK_MORE = "pages-ask-more" [];
    SEE_PROCEDURE = "pages-see-procedure" [];
    CHOICES = "pages-choices" [];
    DOSSIERS_TITLE = "pages-dossiers-title" [];
    DOSSIERS_LEAD = "pages-dossiers-lead" [];
    DOSSIERS_PRIVACY = "pages-dossiers-privacy" [];
    NUMBER_LABEL = "pages-number-label" [];
    NUMBER_HINT = "pages-number-hint" [];
    NUMBER_BUTTON = "pages-number-button" [];
    NUMBER_IN_SEARCH = "pages-number-in-search" [];
    DOSSIER_TITLE = "pages-dossier-title" [];
    ANOTHER_NUMBER = "pages-another-number" [];
    FACT_NUMBER = "pages-fact-number" [];
    FACT_PROCEDURE = "pages-fact-procedure" [];
    FACT_AGENCY = "pages-fact-agency" [];
    FACT_RECEIVED = "pages-fact-received" [];
    FACT_DUE = "pages-fact-due" [];
    FACT_FINISHED = "pages-fact-finished" [];
    FACT_RETURNED = "pages-fact-returned" [];
    FACTS_TITLE = "pages-facts-title" [];
    NEXT_TITLE = "pages-next-title" [];
    PROOF_TITLE = "pages-proof-title" [];
    PROOF_UNREADABLE = "pages-proof-unreadable" [];
    DIGITS_LABEL = "pages-digits-label" [];
    DIGITS_HINT = "pages-digits-hint" [];
    DIGITS_BUTTON = "pages-digits-button" [];
    CODE_OFFER = "pages-code-offer" [];
    CODE_BUTTON = "pages-code-button" [];
    CODE_TITLE = "pages-code-title" [];
    CODE_LABEL = "pages-code-label" [];
    OWNER_TITLE = "pages-owner-title" [];
    OWNER_PART = "pages-owner-part" [];
    OWNER_CLOSE = "pages-owner-close" [];
    PRINT = "pages-print" [];
    PROCEDURES_TITLE = "pages-procedures-title" [];
    SEARCH_LABEL = "pages-search-label" [];
    SEARCH_FIELD = "pages-search-field" [];
    SEARCH_ALL_FIELDS = "pages-search-all-fields" [];
    PAGES_NAV = "pages-pages-nav" [];
    PAGES_BEFORE = "pages-pages-before" [];
    PAGES_AFTER = "pages-pages-after" [];
    PROCEDURE_CODE = "pages-procedure-code" [];
    PART_NAV = "pages-part-nav" [];
    PART_PAPERS = "pages-part-papers" [];
    ALL_CASES = "pages-all-cases" [];
    PART_WAYS = "pages-part-ways" [];
    PART_STEPS = "pages-part-steps" [];
    PART_RESULT = "pages-part-result" [];
    PART_WHO = "pages-part-who" [];
    PART_CONDITIONS = "pages-part-conditions" [];
    WAY_TIME = "pages-way-time" [];
    WAY_FEE = "pages-way-fee" [];
    WAY_NOTE = "pages-way-note" [];
    SOURCE_CHECK = "pages-source-check" [];
    SOURCE_PAGE = "pages-source-page" [];
    COPY_CODE = "pages-copy-code" [];
    COPIED = "pages-copied" [];
    PAGES_ONE = "pages-pages-one" ["page"];
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "pages.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        check::all_are_spoken(ALL, &check::sources("src", false), &["keys::"]);
    }
}
