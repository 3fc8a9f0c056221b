//! The Fluent keys of the console, with their arguments. A test holds the table
//! against `locales/<language>/console.ftl` in both directions.

use gateway_core::domain::Channel;
use gateway_core::ports::HandoverReason;
pub(super) use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(super)
    // Navigation.
    NAV_CHATS = "console-nav-chats" [];
    NAV_CALLBACKS = "console-nav-callbacks" [];
    NAV_LOAD = "console-nav-load" [];

    // The line.
    LINE_TITLE = "console-line-title" [];
    LINE_WAITING = "console-line-waiting" ["count"];
    LINE_NOBODY = "console-line-nobody" [];
    LINE_MINE = "console-line-mine" ["count"];
    LINE_MINE_NONE = "console-line-mine-none" [];
    LINE_HELD = "console-line-held" ["count"];
    LINE_HELD_NONE = "console-line-held-none" [];
    SINCE = "console-since" [];
    HELD_SINCE = "console-held-since" [];
    SINCE_AT = "console-since-at" ["time", "ago"];
    MINUTES = "console-minutes" ["count"];
    CHANNEL = "console-channel" [];
    LANGUAGE = "console-language" [];
    REASON = "console-reason" [];
    SITE = "console-site" [];
    HOLDER = "console-holder" [];
    REASON_ASKED = "console-reason-asked" [];
    REASON_COMPLAINT = "console-reason-complaint" [];
    FOR_SUPERVISOR = "console-for-supervisor" [];
    TAKE = "console-take" [];
    LOOK = "console-look" [];
    OPEN = "console-open" [];
    RELOAD = "console-reload" [];
    PAUSED = "console-paused" [];
    CHANNEL_TERMINAL = "console-channel-terminal" [];
    CHANNEL_MOBILE = "console-channel-mobile" [];
    CHANNEL_WEB = "console-channel-web" [];
    CHANNEL_SMS = "console-channel-sms" [];
    CHANNEL_KIOSK = "console-channel-kiosk" [];
    CHANNEL_ZALO = "console-channel-zalo" [];
    CHANNEL_TELEGRAM = "console-channel-telegram" [];
    CHANNEL_WEBCHAT = "console-channel-webchat" [];

    // One conversation.
    TALK_TITLE = "console-talk-title" ["channel"];
    STATE_MINE = "console-state-mine" [];
    STATE_MINE_MORE = "console-state-mine-more" [];
    STATE_OTHER = "console-state-other" ["name"];
    STATE_WAITING = "console-state-waiting" [];
    STATE_CLOSED = "console-state-closed" [];
    LOG = "console-log" [];
    LOG_EMPTY = "console-log-empty" [];
    WHO_CITIZEN = "console-who-citizen" [];
    WHO_ASSISTANT = "console-who-assistant" [];
    WHO_OFFICER = "console-who-officer" ["name"];
    WHO_NOTE = "console-who-note" ["name"];
    WHO_EVENT = "console-who-event" [];
    SOMEBODY = "console-somebody" [];
    UNREADABLE = "console-unreadable" [];
    PRIVATE = "console-private" [];
    UNDERSTOOD = "console-understood" ["action", "answer", "code"];
    BUTTONS = "console-buttons" [];
    SAY_LABEL = "console-say-label" [];
    SAY_HINT = "console-say-hint" ["most"];
    SAY = "console-say" [];
    NOT_SENT = "console-not-sent" [];
    CANNED_LABEL = "console-canned-label" ["language"];
    CANNED_USE = "console-canned-use" [];
    NOTE_LABEL = "console-note-label" [];
    NOTE_HINT = "console-note-hint" [];
    NOTE = "console-note" [];
    PASS_TITLE = "console-pass-title" [];
    PASS_LABEL = "console-pass-label" [];
    PASS_LINE = "console-pass-line" [];
    PASS_SUPERVISOR = "console-pass-supervisor" [];
    PASS = "console-pass" [];
    CLOSE_TITLE = "console-close-title" [];
    CLOSE_LABEL = "console-close-label" [];
    CLOSE = "console-close" [];
    OUTCOME_SOLVED = "console-outcome-solved" [];
    OUTCOME_PASSED_ON = "console-outcome-passed-on" [];
    OUTCOME_NO_ANSWER = "console-outcome-no-answer" [];
    OUTCOME_ABUSE = "console-outcome-abuse" [];
    OUTCOME_OTHER = "console-outcome-other" [];
    OUTCOME_NOBODY_CAME = "console-outcome-nobody-came" [];
    OUTCOME_CANCELLED = "console-outcome-cancelled" [];
    DOSSIER_TITLE = "console-dossier-title" [];
    DOSSIER_NUMBER = "console-dossier-number" [];
    DOSSIER_PROOF = "console-dossier-proof" [];
    DOSSIER_PROOF_HINT = "console-dossier-proof-hint" [];
    DOSSIER_ASK = "console-dossier-ask" [];
    DOSSIER_ANSWER = "console-dossier-answer" [];
    EARLIER_TITLE = "console-earlier-title" [];
    EARLIER_TALKS = "console-earlier-talks" [];
    EARLIER_REQUESTS = "console-earlier-requests" [];
    EARLIER_NONE = "console-earlier-none" [];
    EARLIER_OPEN = "console-earlier-open" [];
    BACK = "console-back" [];
    ERROR_TITLE = "console-error-title" [];
    ERROR_EMPTY = "console-error-empty" [];
    ERROR_LONG = "console-error-long" ["most"];
    ERROR_CHOICE = "console-error-choice" [];
    ERROR_NUMBER = "console-error-number" [];
    ERROR_PROOF = "console-error-proof" [];
    QUICKER_TITLE = "console-quicker-title" [];
    QUICKER = "console-quicker" ["name"];
    NOT_HELD_TITLE = "console-not-held-title" [];
    NOT_HELD = "console-not-held" [];
    GONE_TITLE = "console-gone-title" [];
    GONE = "console-gone" [];

    // Calls back.
    CALLBACKS_TITLE = "console-callbacks-title" [];
    CALLBACKS_LEAD = "console-callbacks-lead" [];
    CALLBACKS_NONE = "console-callbacks-none" [];
    CALLBACK_WISHED = "console-callback-wished" [];
    CALLBACK_PHONE = "console-callback-phone" [];
    CALLBACK_TAKE = "console-callback-take" [];
    CALLBACK_DONE = "console-callback-done" [];
    CALLBACK_GONE_TITLE = "console-callback-gone-title" [];
    CALLBACK_GONE = "console-callback-gone" [];

    // Load.
    LOAD_TITLE = "console-load-title" [];
    LOAD_WAITING = "console-load-waiting" [];
    LOAD_OLDEST = "console-load-oldest" [];
    LOAD_MEDIAN = "console-load-median" [];
    LOAD_CLOSED = "console-load-closed" [];
    LOAD_CALLS = "console-load-calls" [];
    LOAD_HELD = "console-load-held" [];
    LOAD_NONE = "console-load-none" [];

    // What was understood.
    ACTION_TRACK_DOSSIER = "console-action-track-dossier" [];
    ACTION_DISCLOSE_DOSSIER = "console-action-disclose-dossier" [];
    ACTION_FIND_PROCEDURES = "console-action-find-procedures" [];
    ACTION_SHOW_PROCEDURE = "console-action-show-procedure" [];
    ACTION_LIST_AGENCIES = "console-action-list-agencies" [];
    ACTION_SEND_CODE = "console-action-send-code" [];
    ACTION_SUBSCRIBE = "console-action-subscribe" [];
    ACTION_UNSUBSCRIBE = "console-action-unsubscribe" [];
    ACTION_OPT_OUT = "console-action-opt-out" [];
    ACTION_OPT_IN = "console-action-opt-in" [];
    ACTION_MORE = "console-action-more" [];
    ACTION_HELP = "console-action-help" [];
    ACTION_OPENING_HOURS = "console-action-opening-hours" [];
    ACTION_TALK_TO_PERSON = "console-action-talk-to-person" [];
    ACTION_COMPLAIN = "console-action-complain" [];
    ACTION_LEAVE_LINE = "console-action-leave-line" [];
    ACTION_CALL_BACK = "console-action-call-back" [];
    ACTION_UNREADABLE = "console-action-unreadable" [];
    ACTION_QUEUE_NOW = "console-action-queue-now" [];
    ACTION_TAKE_TICKET = "console-action-take-ticket" [];
    ACTION_RATE = "console-action-rate" [];
    ACTION_PAY = "console-action-pay" [];
    ACTION_GREET = "console-action-greet" [];
    ACTION_THANK = "console-action-thank" [];
    ACTION_TURN_AWAY = "console-action-turn-away" [];
    ACTION_MY_REQUESTS = "console-action-my-requests" [];
    ACTION_LINK_PHONE = "console-action-link-phone" [];
    ACTION_CONFIRM_LINK = "console-action-confirm-link" [];
    ACTION_LINK_CONTACT = "console-action-link-contact" [];
    ACTION_SHOW_LINKS = "console-action-show-links" [];
    ACTION_UNLINK = "console-action-unlink" [];
    ACTION_NOT_UNDERSTOOD = "console-action-not-understood" [];
    ANSWER_DOSSIER = "console-answer-dossier" [];
    ANSWER_DISCLOSED = "console-answer-disclosed" [];
    ANSWER_ELSEWHERE = "console-answer-elsewhere" [];
    ANSWER_PROCEDURES = "console-answer-procedures" [];
    ANSWER_PROCEDURE = "console-answer-procedure" [];
    ANSWER_QUESTION = "console-answer-question" [];
    ANSWER_PERSON = "console-answer-person" [];
    ANSWER_IN_LINE = "console-answer-in-line" [];
    ANSWER_CALLBACK_NOTED = "console-answer-callback-noted" [];
    ANSWER_WILL_ANSWER = "console-answer-will-answer" [];
    ANSWER_OPENING_HOURS = "console-answer-opening-hours" [];
    ANSWER_TURNED_AWAY = "console-answer-turned-away" [];
    ANSWER_AGENCIES = "console-answer-agencies" [];
    ANSWER_HELP = "console-answer-help" [];
    ANSWER_ALREADY_ANSWERED = "console-answer-already-answered" [];
    ANSWER_CODE_SENT = "console-answer-code-sent" [];
    ANSWER_SUBSCRIBED = "console-answer-subscribed" [];
    ANSWER_UNSUBSCRIBED = "console-answer-unsubscribed" [];
    ANSWER_OPTED_OUT = "console-answer-opted-out" [];
    ANSWER_OPTED_IN = "console-answer-opted-in" [];
    ANSWER_MORE = "console-answer-more" [];
    ANSWER_LEFT_LINE = "console-answer-left-line" [];
    ANSWER_LINK = "console-answer-link" [];
    ANSWER_MY_REQUESTS = "console-answer-my-requests" [];
    ANSWER_ONLY_TEXT = "console-answer-only-text" [];
    ANSWER_NOT_YET = "console-answer-not-yet" [];
    ANSWER_RATE_ASK = "console-answer-rate-ask" [];
    ANSWER_RATED = "console-answer-rated" [];
    ANSWER_RATE_HOW = "console-answer-rate-how" [];
    ANSWER_GREETING = "console-answer-greeting" [];
    ANSWER_THANKS = "console-answer-thanks" [];
    ANSWER_QUEUE_NOW = "console-answer-queue-now" [];
    ANSWER_TICKET = "console-answer-ticket" [];
    ANSWER_TICKET_PLACE = "console-answer-ticket-place" [];
    ANSWER_WHERE_TICKETS = "console-answer-where-tickets" [];
    ANSWER_REFUSED = "console-answer-refused" ["code"];
    ANSWER_STATUS = "console-answer-status" ["answer", "status"];
}

/// The name of a channel.
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

/// Why somebody waits.
pub(super) const fn reason(reason: HandoverReason) -> Key {
    match reason {
        HandoverReason::Asked => REASON_ASKED,
        HandoverReason::Complaint => REASON_COMPLAINT,
    }
}

/// How officers end conversations: the stable word, and its name.
pub(super) const OUTCOMES: [(&str, Key); 5] = [
    ("solved", OUTCOME_SOLVED),
    ("passed_on", OUTCOME_PASSED_ON),
    ("no_answer", OUTCOME_NO_ANSWER),
    ("abuse", OUTCOME_ABUSE),
    ("other", OUTCOME_OTHER),
];

/// How a conversation ended; `None` for a word that this version does not know.
pub(super) fn outcome(word: &str) -> Option<Key> {
    let of_officers = OUTCOMES.iter().find(|(known, _)| *known == word).map(|(_, key)| *key);
    of_officers.or(match word {
        "nobody_came" => Some(OUTCOME_NOBODY_CAME),
        "cancelled" => Some(OUTCOME_CANCELLED),
        _ => None,
    })
}

/// What somebody wanted, by the action's stable word.
pub(super) fn action(word: &str) -> Option<Key> {
    find(ACTIONS, word)
}

/// What was answered, by the reply's stable word.
pub(super) fn answer(word: &str) -> Option<Key> {
    find(ANSWERS, word)
}

fn find(table: &[(&str, Key)], word: &str) -> Option<Key> {
    table.iter().find(|(known, _)| *known == word).map(|(_, key)| *key)
}

const ACTIONS: &[(&str, Key)] = &[
    ("track_dossier", ACTION_TRACK_DOSSIER),
    ("disclose_dossier", ACTION_DISCLOSE_DOSSIER),
    ("find_procedures", ACTION_FIND_PROCEDURES),
    ("show_procedure", ACTION_SHOW_PROCEDURE),
    ("list_agencies", ACTION_LIST_AGENCIES),
    ("send_code", ACTION_SEND_CODE),
    ("subscribe", ACTION_SUBSCRIBE),
    ("unsubscribe", ACTION_UNSUBSCRIBE),
    ("opt_out", ACTION_OPT_OUT),
    ("opt_in", ACTION_OPT_IN),
    ("more", ACTION_MORE),
    ("help", ACTION_HELP),
    ("opening_hours", ACTION_OPENING_HOURS),
    ("talk_to_person", ACTION_TALK_TO_PERSON),
    ("complain", ACTION_COMPLAIN),
    ("leave_line", ACTION_LEAVE_LINE),
    ("call_back", ACTION_CALL_BACK),
    ("unreadable", ACTION_UNREADABLE),
    ("queue_now", ACTION_QUEUE_NOW),
    ("ticket_place", ACTION_QUEUE_NOW),
    ("take_ticket", ACTION_TAKE_TICKET),
    ("rate", ACTION_RATE),
    ("rate_dossier", ACTION_RATE),
    ("pay", ACTION_PAY),
    ("greet", ACTION_GREET),
    ("thank", ACTION_THANK),
    ("turn_away", ACTION_TURN_AWAY),
    ("my_requests", ACTION_MY_REQUESTS),
    ("link_phone", ACTION_LINK_PHONE),
    ("confirm_link", ACTION_CONFIRM_LINK),
    ("link_contact", ACTION_LINK_CONTACT),
    ("show_links", ACTION_SHOW_LINKS),
    ("unlink", ACTION_UNLINK),
    ("not_understood", ACTION_NOT_UNDERSTOOD),
    ("free_text", ACTION_NOT_UNDERSTOOD),
];

const ANSWERS: &[(&str, Key)] = &[
    ("dossier", ANSWER_DOSSIER),
    ("disclosed", ANSWER_DISCLOSED),
    ("elsewhere", ANSWER_ELSEWHERE),
    ("procedures", ANSWER_PROCEDURES),
    ("procedure", ANSWER_PROCEDURE),
    ("question", ANSWER_QUESTION),
    ("person", ANSWER_PERSON),
    ("in_line", ANSWER_IN_LINE),
    ("callback_noted", ANSWER_CALLBACK_NOTED),
    ("will_answer", ANSWER_WILL_ANSWER),
    ("opening_hours", ANSWER_OPENING_HOURS),
    ("turned_away", ANSWER_TURNED_AWAY),
    ("agencies", ANSWER_AGENCIES),
    ("help", ANSWER_HELP),
    ("already_answered", ANSWER_ALREADY_ANSWERED),
    ("code_sent", ANSWER_CODE_SENT),
    ("subscribed", ANSWER_SUBSCRIBED),
    ("unsubscribed", ANSWER_UNSUBSCRIBED),
    ("opted_out", ANSWER_OPTED_OUT),
    ("opted_in", ANSWER_OPTED_IN),
    ("more", ANSWER_MORE),
    ("left_line", ANSWER_LEFT_LINE),
    ("link", ANSWER_LINK),
    ("my_requests", ANSWER_MY_REQUESTS),
    ("only_text", ANSWER_ONLY_TEXT),
    ("not_yet", ANSWER_NOT_YET),
    ("rate_ask", ANSWER_RATE_ASK),
    ("rated", ANSWER_RATED),
    ("rate_how", ANSWER_RATE_HOW),
    ("greeting", ANSWER_GREETING),
    ("thanks", ANSWER_THANKS),
    ("queue_now", ANSWER_QUEUE_NOW),
    ("ticket", ANSWER_TICKET),
    ("ticket_place", ANSWER_TICKET_PLACE),
    ("where_tickets", ANSWER_WHERE_TICKETS),
];

#[cfg(test)]
mod tests {
    use gateway_core::desk::{Action, LinkAction, Reply};

    use super::{ALL, action, answer};
    use crate::key_table::check;

    #[test]
    fn officers_read_a_sentence_of_every_action_and_reply() {
        for word in [Action::WORDS, LinkAction::WORDS].concat() {
            assert!(action(word).is_some(), "{word}");
        }
        for word in Reply::WORDS {
            assert!(answer(word).is_some(), "{word}");
        }
    }

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "console.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        let leads = ["keys::", "=> ", "=> Some(", "\", "];
        check::all_are_spoken(ALL, &check::sources("src/console", true), &leads);
    }
}
