//! The Fluent keys of the pages where officers teach. A test holds the table
//! against `locales/<language>/learning.ftl` in both directions.

use gateway_core::domain::Channel;
use gateway_core::ports::{ProposalState, TaughtAct};
pub(super) use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(super)
    NAV_MISSES = "learning-nav-misses" [];
    NAV_PROPOSALS = "learning-nav-proposals" [];
    MISSES_TITLE = "learning-misses-title" [];
    MISSES_LOST_LEAD = "learning-misses-lost-lead" [];
    MISSES_ASKED_LEAD = "learning-misses-asked-lead" [];
    MISSES_MASKED = "learning-misses-masked" [];
    MISSES_LOST = "learning-misses-lost" [];
    MISSES_ASKED = "learning-misses-asked" [];
    MISSES_NONE = "learning-misses-none" [];
    MISSES_COUNT = "learning-misses-count" ["count"];
    MISSES_LAST = "learning-misses-last" ["time"];
    MISSES_TEACH = "learning-misses-teach" [];
    MISSES_FORGET = "learning-misses-forget" [];
    PROPOSE_TITLE = "learning-propose-title" [];
    PROPOSE_LEAD = "learning-propose-lead" [];
    PROPOSE_TEXT = "learning-propose-text" [];
    PROPOSE_TEXT_HINT = "learning-propose-text-hint" [];
    PROPOSE_SOUGHT = "learning-propose-sought" [];
    PROPOSE_SEARCH = "learning-propose-search" [];
    PROPOSE_PROCEDURES = "learning-propose-procedures" [];
    PROPOSE_SEARCH_FIRST = "learning-propose-search-first" [];
    PROPOSE_NOT_FOUND = "learning-propose-not-found" [];
    PROPOSE_ACTS = "learning-propose-acts" [];
    PROPOSE_SEND = "learning-propose-send" [];
    PROPOSE_CHOOSE = "learning-propose-choose" [];
    PROPOSE_AGAIN = "learning-propose-again" [];
    PROPOSE_FULL = "learning-propose-full" [];
    PROPOSE_UNFIT = "learning-propose-unfit" [];
    PROPOSE_NO_PROCEDURE = "learning-propose-no-procedure" [];
    PROPOSALS_TITLE = "learning-proposals-title" [];
    PROPOSALS_LEAD = "learning-proposals-lead" [];
    PROPOSALS_LOOK_AGAIN = "learning-proposals-look-again" [];
    PROPOSALS_NONE = "learning-proposals-none" [];
    PROPOSALS_BY = "learning-proposals-by" [];
    PROPOSALS_DECIDED = "learning-proposals-decided" [];
    PROPOSALS_UNDONE = "learning-proposals-undone" [];
    PROPOSALS_SECOND = "learning-proposals-second" [];
    CONFIRM = "learning-confirm" [];
    REJECT = "learning-reject" [];
    TAKE_BACK = "learning-take-back" [];
    UNDO = "learning-undo" [];
    STATE_PROPOSED = "learning-state-proposed" [];
    STATE_CHECKING = "learning-state-checking" [];
    STATE_LIVE = "learning-state-live" [];
    STATE_REJECTED = "learning-state-rejected" [];
    STATE_UNDONE = "learning-state-undone" [];
    VERDICT_PASSED = "learning-verdict-passed" [];
    VERDICT_FAILED = "learning-verdict-failed" [];
    VERDICT_RATE = "learning-verdict-rate" [];
    VERDICT_BEFORE = "learning-verdict-before" [];
    VERDICT_AFTER = "learning-verdict-after" [];
    VERDICT_CHANGED = "learning-verdict-changed" ["count"];
    RATE_HIT = "learning-rate-hit" [];
    RATE_AWAY = "learning-rate-away" [];
    RATE_FOLLOW_UPS = "learning-rate-follow-ups" [];
    NOT_DONE_TITLE = "learning-not-done-title" [];
    NOT_DONE_OWN = "learning-not-done-own" [];
    NOT_DONE_ROLE = "learning-not-done-role" [];
    NOT_DONE_ELSEWHERE = "learning-not-done-elsewhere" [];
    ACT_QUEUE_NOW = "learning-act-queue-now" [];
    ACT_TAKE_TICKET = "learning-act-take-ticket" [];
    ACT_RATE = "learning-act-rate" [];
    ACT_PAY = "learning-act-pay" [];
    ACT_OPENING_HOURS = "learning-act-opening-hours" [];
    ACT_LIST_AGENCIES = "learning-act-list-agencies" [];
    ACT_TALK_TO_PERSON = "learning-act-talk-to-person" [];
    ACT_GREET = "learning-act-greet" [];
    ACT_THANK = "learning-act-thank" [];
    ACT_HELP = "learning-act-help" [];
    ACT_TURN_AWAY = "learning-act-turn-away" [];
    CHANNEL_TERMINAL = "learning-channel-terminal" [];
    CHANNEL_MOBILE = "learning-channel-mobile" [];
    CHANNEL_WEB = "learning-channel-web" [];
    CHANNEL_SMS = "learning-channel-sms" [];
    CHANNEL_KIOSK = "learning-channel-kiosk" [];
    CHANNEL_ZALO = "learning-channel-zalo" [];
    CHANNEL_TELEGRAM = "learning-channel-telegram" [];
    CHANNEL_WEBCHAT = "learning-channel-webchat" [];
}

/// How far a proposal has come.
pub(super) const fn state(state: ProposalState) -> Key {
    match state {
        ProposalState::Proposed => STATE_PROPOSED,
        ProposalState::Checking => STATE_CHECKING,
        ProposalState::Live => STATE_LIVE,
        ProposalState::Rejected => STATE_REJECTED,
        ProposalState::Undone => STATE_UNDONE,
    }
}

/// What a sentence may want.
pub(super) const fn act(act: TaughtAct) -> Key {
    match act {
        TaughtAct::QueueNow => ACT_QUEUE_NOW,
        TaughtAct::TakeTicket => ACT_TAKE_TICKET,
        TaughtAct::Rate => ACT_RATE,
        TaughtAct::Pay => ACT_PAY,
        TaughtAct::OpeningHours => ACT_OPENING_HOURS,
        TaughtAct::ListAgencies => ACT_LIST_AGENCIES,
        TaughtAct::TalkToPerson => ACT_TALK_TO_PERSON,
        TaughtAct::Greet => ACT_GREET,
        TaughtAct::Thank => ACT_THANK,
        TaughtAct::Help => ACT_HELP,
        TaughtAct::TurnAway => ACT_TURN_AWAY,
    }
}

/// The name of a road.
pub(super) const fn channel(channel: Channel) -> Key {
    match channel {
        Channel::Terminal => CHANNEL_TERMINAL,
        Channel::Mobile => CHANNEL_MOBILE,
        Channel::Web => CHANNEL_WEB,
        Channel::Sms => CHANNEL_SMS,
        Channel::Kiosk => CHANNEL_KIOSK,
        Channel::Zalo => CHANNEL_ZALO,
        Channel::Telegram => CHANNEL_TELEGRAM,
        Channel::Webchat => CHANNEL_WEBCHAT,
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "learning.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        check::all_are_spoken(ALL, &check::sources("src/learning", true), &["keys::", "=> "]);
    }
}
