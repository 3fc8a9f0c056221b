//! Every Fluent key that this crate speaks, with the arguments that it hands
//! over. Tests hold this table against the files in both directions: a key
//! that a language lacks, a key that nobody speaks, and an argument that only
//! one language uses are all failures.

use gateway_core::desk::{AskedAbout, ChatEvent, Focus, NextStep, RefusalKind, Service, Topic};
use gateway_core::domain::queue::{TicketState, WhyNot};
use gateway_core::domain::{
    Category, Channel, FeeReading, Level, NumberProblem, Phase, ReasonKind, SubmissionChannel, TimeUnit,
};
use jiff::civil::Weekday;

/// A key and the names of its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The message's identifier in the `.ftl` files.
    pub id: &'static str,
    /// What it may refer to.
    pub args: &'static [&'static str],
}

impl Key {
    /// A key.
    pub const fn new(id: &'static str, args: &'static [&'static str]) -> Self {
        Self { id, args }
    }
}

/// Keys that stand alone: each a constant, and all of them in `SINGLE`.
macro_rules! single {
    ($($(#[$doc:meta])* $name:ident = $id:literal [$($arg:literal),*];)*) => {
        $($(#[$doc])* pub const $name: Key = Key::new($id, &[$($arg),*]);)*
        const SINGLE: &[Key] = &[$($name),*];
        /// The constants' names, for the test that each is spoken.
        #[cfg(test)]
        pub(crate) const SINGLE_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

/// Keys of an enumeration: a function whose match knows every variant, and a
/// table of all of them.
macro_rules! family {
    ($($(#[$doc:meta])* $name:ident / $table:ident ($type:ty) { $($pattern:pat => $id:literal [$($arg:literal),*]),* $(,)? })*) => {
        $(
            const $table: &[Key] = &[$(Key::new($id, &[$($arg),*])),*];
            $(#[$doc])*
            pub const fn $name(of: &$type) -> Key {
                match of { $($pattern => Key::new($id, &[$($arg),*])),* }
            }
        )*
        const FAMILIES: &[&[Key]] = &[$($table),*];
        /// The functions' names, for the test that each is spoken.
        #[cfg(test)]
        pub(crate) const FAMILY_NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

/// Every key that this crate speaks.
pub fn all() -> Vec<Key> {
    let families = FAMILIES.iter().flat_map(|family| family.iter());
    let mut all: Vec<Key> =
        SINGLE.iter().chain(families).chain(http::ALL).chain(terminal::ALL).chain(telegram::ALL).copied().collect();
    // Two variants may share their words.
    all.sort_unstable_by_key(|key| key.id);
    all.dedup();
    all
}

single! {
    // common.ftl: how figures are written. Read once, when the words are loaded.
    CONVENTION_DATE = "convention-date" [];
    CONVENTION_CLOCK = "convention-clock" [];
    CONVENTION_TIME = "convention-time" [];
    CONVENTION_TIME_WHOLE = "convention-time-whole" [];
    CONVENTION_GROUP = "convention-group" [];
    CONVENTION_DECIMAL = "convention-decimal" [];
    CONVENTION_MONEY = "convention-money" [];
    CONVENTION_SHORTHAND = "convention-shorthand" [];

    // common.ftl: what goes with every answer.
    MOMENT = "moment" ["clock", "date"];
    DATE_SPOKEN = "date-spoken" ["day", "month", "year"];
    MONEY_SPOKEN = "money-spoken" ["amount"];
    SPOKEN_BILLIONS = "spoken-billions" ["number"];
    SPOKEN_MILLIONS = "spoken-millions" ["number"];
    SPOKEN_THOUSANDS = "spoken-thousands" ["number"];
    ANSWER_CODE = "answer-code" ["code"];
    NOTICE = "notice" ["text"];
    WAIT_SECONDS = "wait-seconds" ["count"];
    WAIT_MINUTES = "wait-minutes" ["count"];
    WAIT_HOURS = "wait-hours" ["count"];
    WAIT_A_WHILE = "wait-a-while" [];
    LIST_SEPARATOR = "list-separator" ["first", "rest"];

    // queue.ftl
    QUEUE_SITE = "queue-site" ["site", "waiting"];
    QUEUE_SITE_CLOSED = "queue-site-closed" ["site"];
    QUEUE_OPENS = "queue-opens" ["moment"];
    QUEUE_SERVICE = "queue-service" ["service", "waiting"];
    QUEUE_SERVICE_WAIT = "queue-service-wait" ["service", "waiting", "minutes"];
    QUEUE_CALLED = "queue-called" ["number", "counter"];
    QUEUE_TICKET = "queue-ticket" ["number", "service"];
    QUEUE_NEXT = "queue-next" [];
    QUEUE_AHEAD = "queue-ahead" ["ahead"];
    QUEUE_WAIT = "queue-wait" ["minutes"];
    QUEUE_WHERE = "queue-where" [];
    QUEUE_WHERE_OPEN = "queue-where-open" ["site"];
    QUEUE_WHERE_CLOSED = "queue-where-closed" ["site"];

    // dossier.ftl
    DOSSIER_NUMBER = "dossier-number" ["number"];
    DOSSIER_PROCEDURE = "dossier-procedure" ["name"];
    DOSSIER_NAME_WITHHELD = "dossier-name-withheld" [];
    DOSSIER_STATUS = "dossier-status" ["status"];
    DOSSIER_PLACE = "dossier-place" ["agency"];
    DOSSIER_HANDLED_BY = "dossier-handled-by" ["agency"];
    DOSSIER_AGENCY = "dossier-agency" ["agency"];
    DOSSIER_NEXT = "dossier-next" ["next"];
    DOSSIER_REASON = "dossier-reason" ["reason"];
    DOSSIER_RETURNED_ON = "dossier-returned-on" ["date"];
    DOSSIER_SEE_MORE = "dossier-see-more" [];
    DOSSIER_SEE_MORE_HOW = "dossier-see-more-how" ["number"];
    DUE = "due" ["date", "days"];
    OVERDUE = "overdue" ["date", "days"];
    FINISHED_LATE = "finished-late" ["finished", "due", "days"];
    FINISHED_IN_TIME = "finished-in-time" [];
    DUE_NOT_PUBLISHED = "due-not-published" [];
    DUE_AFTER_ACCEPTANCE = "due-after-acceptance" [];
    CLOCK_STANDS = "clock-stands" [];
    CLOCK_REFUSED = "clock-refused" [];
    CLOCK_PAPERS = "clock-papers" [];
    CLOCK_PAYMENT = "clock-payment" [];
    CLOCK_STOPPED = "clock-stopped" [];
    CLOCK_WORDS_BELOW = "clock-words-below" [];
    CONTACT = "contact" ["contact"];
    CONTACT_UNKNOWN = "contact-unknown" [];
    MEND_PAPERS = "mend-papers" [];
    MEND_FEE = "mend-fee" [];
    MEND_CONDITIONS = "mend-conditions" [];
    AGE_FRESH = "age-fresh" ["moment"];
    AGE_STALE = "age-stale" ["moment"];
    PRIVATE_NAME = "private-name" ["name"];
    PRIVATE_REASON = "private-reason" ["reason"];
    PRIVATE_REASON_MISSING = "private-reason-missing" [];
    PRIVATE_FEES = "private-fees" [];
    PRIVATE_FEE = "private-fee" ["name", "amount"];
    PRIVATE_FEES_MISSING = "private-fees-missing" [];
    PRIVATE_PAPERS = "private-papers" [];
    PRIVATE_PAPER = "private-paper" ["what"];
    PRIVATE_PAPER_DATED = "private-paper-dated" ["what", "date"];
    PRIVATE_PAPERS_MISSING = "private-papers-missing" [];
    ELSEWHERE = "elsewhere" ["number", "authority"];
    ELSEWHERE_UNKNOWN = "elsewhere-unknown" ["number"];
    ELSEWHERE_ASK = "elsewhere-ask" ["where"];
    ELSEWHERE_ASK_UNKNOWN = "elsewhere-ask-unknown" [];

    // procedure.ftl
    PROCEDURE_TITLE = "procedure-title" ["name", "code"];
    PROCEDURE_OFFICIAL_NAME = "procedure-official-name" ["name"];
    PROCEDURE_FIELD = "procedure-field" ["field"];
    PROCEDURE_LEVELS = "procedure-levels" ["levels"];
    PROCEDURE_RESULTS = "procedure-results" ["results"];
    PROCEDURE_URL = "procedure-url" ["url"];
    PROCEDURE_ALSO = "procedure-also" [];
    PROCEDURE_SOURCE = "procedure-source" ["source", "date"];
    PROCEDURE_SOURCE_UNDATED = "procedure-source-undated" ["source"];
    METHODS = "methods" [];
    STEPS = "steps" [];
    STEPS_MISSING = "steps-missing" [];
    ONLINE_YES = "online-yes" [];
    ONLINE_NO = "online-no" [];
    RESULTS_MISSING = "results-missing" [];
    WHO = "who" ["who"];
    CONDITIONS = "conditions" [];
    TEXT_MORE = "text-more" ["code"];
    WHO_MISSING = "who-missing" [];
    METHODS_FEES = "fees" [];
    METHODS_TIMES = "times" [];
    METHODS_MISSING = "methods-missing" [];
    METHOD = "method" ["channel", "time", "fee"];
    METHOD_TIME = "method-time" ["channel", "time"];
    METHOD_FEE = "method-fee" ["channel", "fee"];
    METHOD_ONLY = "method-only" ["channel"];
    NOTE = "note" ["note"];
    TIME_NOT_PUBLISHED = "time-not-published" [];
    TIME_UNIT_NOT_PUBLISHED = "time-unit-not-published" ["count"];
    FEE_SEE_NOTE_MISSING = "fee-see-note-missing" [];
    FEE_CONDITIONAL = "fee-conditional" ["amount"];
    FEE_UNTIL = "fee-until" ["fee", "date"];
    FEE_ENDED = "fee-ended" ["fee", "date"];
    PAPERS = "papers" [];
    PAPERS_MISSING = "papers-missing" [];
    PAPERS_COUNT = "papers-count" ["count", "code"];
    PAPERS_BY_CASE = "papers-by-case" ["code"];
    PAPERS_CASE_COUNT = "papers-case-count" ["case", "count"];
    PAPERS_MORE = "papers-more" ["count", "code"];
    PAPER_ORIGINALS = "paper-originals" ["name", "originals"];
    PAPER_COPIES = "paper-copies" ["name", "copies"];
    PAPER_BOTH = "paper-both" ["name", "originals", "copies"];
    PAPER_NOTE = "paper-note" ["text"];
    PROCEDURES_FOUND = "procedures-found" ["total", "query"];
    PROCEDURES_ALL = "procedures-all" ["total"];
    PROCEDURES_NONE = "procedures-none" ["query"];
    PROCEDURES_NONE_AT_ALL = "procedures-none-at-all" [];
    PROCEDURES_LINE = "procedures-line" ["index", "name", "code"];
    PROCEDURES_MORE = "procedures-more" ["count"];
    PROCEDURES_HOW = "procedures-how" ["code"];

    // help.ftl
    HELP_WELCOME = "help-welcome" [];
    HELP_DOSSIER = "help-dossier" [];
    HELP_PROCEDURE = "help-procedure" [];
    HELP_AGENCIES = "help-agencies" [];
    HELP_PRIVACY = "help-privacy" [];
    AGENCIES = "agencies" ["count"];
    AGENCIES_NONE = "agencies-none" [];
    AGENCY = "agency" ["name"];
    AGENCY_PHONE = "agency-phone" ["name", "phone"];
    AGENCY_ADDRESS = "agency-address" ["name", "address"];
    AGENCY_BOTH = "agency-both" ["name", "address", "phone"];
    ALREADY_ANSWERED = "already-answered" [];
    QUESTION_WHICH_DOSSIER = "question-which-dossier" [];
    QUESTION_WHICH_PROCEDURE = "question-which-procedure" [];
    QUESTION_NUMBER_MISSING = "question-number-missing" [];
    QUESTION_NONE_AT_LEVEL = "question-none-at-level" ["level"];
    QUESTION_SEND_CHOICE = "question-send-choice" [];
    QUESTION_TAP_CHOICE = "question-tap-choice" [];
    CHOICE_LINE = "choice-line" ["index", "label"];
    CHOICE_LINE_SEND = "choice-line-send" ["index", "label", "send"];
    CHOICE_DOSSIER = "choice-dossier" ["number"];
    CHOICE_DISCLOSE = "choice-disclose" ["number"];
    CHOICE_FIND = "choice-find" ["query"];
    CHOICE_FIND_ALL = "choice-find-all" [];
    CHOICE_PROCEDURE = "choice-procedure" ["code"];
    CHOICE_FOCUS = "choice-focus" ["name", "focus"];
    CHOICE_AGENCIES = "choice-agencies" [];
    CHOICE_HELP = "choice-help" [];
    CHOICE_SEND_CODE = "choice-send-code" ["number"];
    CHOICE_SUBSCRIBE = "choice-subscribe" ["number"];
    CHOICE_UNSUBSCRIBE = "choice-unsubscribe" [];
    CHOICE_STOP = "choice-stop" [];
    CHOICE_START = "choice-start" [];
    CHOICE_MORE = "choice-more" [];
    CHOICE_HOURS = "choice-hours" [];
    CHOICE_PERSON = "choice-person" [];
    CHOICE_COMPLAIN = "choice-complain" [];
    CHOICE_LEAVE_LINE = "choice-leave-line" [];
    CHOICE_QUEUE = "choice-queue" [];
    CHOICE_TICKET = "choice-ticket" [];
    CHOICE_RATE = "choice-rate" [];
    CHOICE_RATE_SCORE = "choice-rate-score" ["score"];
    CHOICE_RATE_SEND = "choice-rate-send" ["score", "number"];
    CHOICE_PAY = "choice-pay" [];

    // assistant.ftl: what is said in a conversation.
    GREETING = "greeting" [];
    THANKS = "thanks" [];
    QUESTION_PROCEDURE_MISSING = "question-procedure-missing" [];
    HOURS_OPEN = "hours-open" [];
    HOURS_CLOSED = "hours-closed" ["time", "weekday", "date"];
    HOURS_CLOSED_TODAY = "hours-closed-today" ["time"];
    HOURS_CLOSED_UNKNOWN = "hours-closed-unknown" [];
    HOURS_SESSIONS = "hours-sessions" ["days", "sessions"];
    HOURS_SESSIONS_SATURDAY = "hours-sessions-saturday" ["days", "sessions"];
    HOURS_DAYS = "hours-days" ["from", "to"];
    HOURS_SESSION = "hours-session" ["from", "to"];
    HOTLINE = "hotline" ["phone"];
    HOTLINE_UNKNOWN = "hotline-unknown" [];
    PERSON = "person" [];
    PERSON_MISUNDERSTOOD = "person-misunderstood" [];
    PERSON_HOW = "person-how" ["phone"];
    PERSON_HOW_UNKNOWN = "person-how-unknown" [];
    PERSON_NOT_NOW = "person-not-now" [];
    PERSON_CALLBACK = "person-callback" [];
    IN_LINE_NEXT = "in-line-next" [];
    IN_LINE = "in-line" ["ahead"];
    IN_LINE_WAIT = "in-line-wait" ["minutes"];
    IN_LINE_AGAIN = "in-line-again" [];
    IN_LINE_COMPLAINT = "in-line-complaint" [];
    IN_LINE_MEANWHILE = "in-line-meanwhile" [];
    LEFT_LINE = "left-line" [];
    OFFICER_SAYS = "officer-says" ["text"];
    CALLBACK_NOTED = "callback-noted" ["phone"];
    ONLY_TEXT = "only-text" [];
    RATE_ASK = "rate-ask" ["number", "rate"];
    RATE_KEPT = "rate-kept" ["number", "score"];
    RATE_KNOWN = "rate-known" ["number"];
    RATE_HOW = "rate-how" ["rate"];
    NOT_YET_ASK = "not-yet-ask" ["phone"];
    TOPIC_ASK = "topic-ask" ["phone"];

    // notices.ftl: codes, subscriptions, and what the house says by itself. Words
    // that a citizen sends to a short code are arguments: [`crate::Keywords`].
    CODE_SENT = "code-sent" ["minutes"];
    ONE_TIME_CODE = "one-time-code" ["code", "minutes"];
    SUBSCRIBED_UNTIL = "subscribed-until" ["number", "date", "unsubscribe", "stop"];
    SUBSCRIBED_ALREADY = "subscribed-already" ["number", "date", "unsubscribe", "stop"];
    SUBSCRIBED_NOTHING = "subscribed-nothing" ["number"];
    UNSUBSCRIBED = "unsubscribed" ["count"];
    MORE_NOTHING = "more-nothing" [];
    WILL_ANSWER = "will-answer" [];
    MOVED = "moved" [];
    NOTICE_STOP = "notice-stop" ["stop"];

    // links.ftl: linking channels by consent, and what was asked before.
    LINK_OFFER = "link-offer" ["version"];
    LINK_OFFER_CODE = "link-offer-code" [];
    LINK_OFFER_CONTACT = "link-offer-contact" [];
    LINK_CONTACT_BUTTON = "link-contact-button" [];
    LINK_CODE_SENT = "link-code-sent" ["phone", "minutes"];
    LINK_CODE = "link-code" ["code", "minutes", "channel"];
    LINK_NOT_A_MOBILE = "link-not-a-mobile" [];
    LINKED = "linked" ["phone"];
    LINK_REPLACED = "link-replaced" [];
    LINK_CODE_WRONG = "link-code-wrong" ["left"];
    LINK_CODE_NONE = "link-code-none" [];
    LINK_TOO_MANY = "link-too-many" ["most"];
    LINK_NO_WAY = "link-no-way" [];
    LINK_ONLY_PRIVATELY = "link-only-privately" [];
    LINK_NOT_HERE = "link-not-here" [];
    LINKS_NONE = "links-none" [];
    LINKS_HERE = "links-here" [];
    LINKS_PHONE = "links-phone" ["phone", "date"];
    LINKS_PHONE_UNSHOWN = "links-phone-unshown" ["date"];
    LINKS_ACCOUNT = "links-account" ["place", "channel", "date"];
    LINKS_END = "links-end" [];
    LINKS_END_ONE = "links-end-one" [];
    UNLINKED = "unlinked" ["count"];
    MY_REQUESTS = "my-requests" [];
    MY_REQUEST = "my-request" ["at", "channel", "about", "code"];
    MY_REQUESTS_NONE = "my-requests-none" [];
    MY_REQUESTS_NOT_LINKED = "my-requests-not-linked" [];
    CHOICE_LINK = "choice-link" [];
    CHOICE_LINKS = "choice-links" [];
    CHOICE_UNLINK = "choice-unlink" [];
    CHOICE_UNLINK_ONE = "choice-unlink-one" ["place"];
    CHOICE_MY_REQUESTS = "choice-my-requests" [];

    // sms.ftl: what only an SMS says.
    SMS_HELP = "sms-help" ["status", "procedure", "notify", "stop", "help"];
    /// The end of a page that goes on; see [`crate::Renderer::sms_more_hint`].
    SMS_MORE_HINT = "sms-more-hint" ["more"];
}

family! {
    /// What happens on the way to a person.
    chat_event / CHAT_EVENTS (ChatEvent) {
        ChatEvent::OfficerCame => "event-officer-came" [],
        ChatEvent::AnotherOfficer => "event-another-officer" [],
        ChatEvent::BackInLine => "event-back-in-line" [],
        ChatEvent::OfficerLeft => "event-officer-left" [],
        ChatEvent::NobodyCame => "event-nobody-came" [],
    }
    /// What a request of before was about.
    asked_about / ASKED_ABOUT (AskedAbout) {
        AskedAbout::Dossier => "asked-dossier" [],
        AskedAbout::Procedures => "asked-procedures" [],
        AskedAbout::Agencies => "asked-agencies" [],
        AskedAbout::Person => "asked-person" [],
        AskedAbout::Notices => "asked-notices" [],
        AskedAbout::Links => "asked-links" [],
        AskedAbout::Services => "asked-services" [],
        AskedAbout::Unclear => "asked-unclear" [],
    }
    /// What citizens call a channel.
    channel / CHANNEL_NAMES (Channel) {
        Channel::Terminal => "channel-terminal" [],
        Channel::Mobile => "channel-mobile" [],
        Channel::Web => "channel-web" [],
        Channel::Sms => "channel-sms" [],
        Channel::Kiosk => "channel-kiosk" [],
        Channel::Zalo => "channel-zalo" [],
        Channel::Telegram => "channel-telegram" [],
        Channel::Webchat => "channel-webchat" [],
    }
    /// The short name of a status.
    phase / PHASES (Phase) {
        Phase::Registered => "phase-registered" [],
        Phase::Accepted => "phase-accepted" [],
        Phase::Refused => "phase-refused" [],
        Phase::InProgress => "phase-in-progress" [],
        Phase::PapersRequested => "phase-papers-requested" [],
        Phase::PaymentRequested => "phase-payment-requested" [],
        Phase::Withdrawn => "phase-withdrawn" [],
        Phase::Stopped => "phase-stopped" [],
        Phase::ResultReady => "phase-result-ready" [],
        Phase::Returned => "phase-returned" [],
        Phase::Other => "phase-other" [],
    }
    /// A status as a sentence. Only [`Phase::Other`] uses the source's text.
    situation / SITUATIONS (Phase) {
        Phase::Registered => "situation-registered" [],
        Phase::Accepted => "situation-accepted" [],
        Phase::Refused => "situation-refused" [],
        Phase::InProgress => "situation-in-progress" [],
        Phase::PapersRequested => "situation-papers-requested" [],
        Phase::PaymentRequested => "situation-payment-requested" [],
        Phase::Withdrawn => "situation-withdrawn" [],
        Phase::Stopped => "situation-stopped" [],
        Phase::ResultReady => "situation-result-ready" [],
        Phase::Returned => "situation-returned" [],
        Phase::Other => "situation-other" ["text"],
    }
    /// What happens next.
    next_step / NEXT_STEPS (NextStep) {
        NextStep::WaitForCheck => "next-wait-for-check" [],
        NextStep::WaitForResult => "next-wait-for-result" [],
        NextStep::AskAgency => "next-ask-agency" [],
        NextStep::MendAndResubmit => "next-mend-and-resubmit" [],
        NextStep::HandInElsewhere => "next-hand-in-elsewhere" [],
        NextStep::HandInPapers => "next-hand-in-papers" [],
        NextStep::PayFee => "next-pay-fee" [],
        NextStep::NothingWithdrawn => "next-nothing-withdrawn" [],
        NextStep::AskReason => "next-ask-reason" [],
        NextStep::CollectResult => "next-collect-result" [],
        NextStep::WaitForPost => "next-wait-for-post" [],
        NextStep::NothingReturned => "next-nothing-returned" [],
        NextStep::AskMeaning => "next-ask-meaning" [],
    }
    /// The kind of a reason.
    reason / REASONS (ReasonKind) {
        ReasonKind::PapersMissing => "reason-papers-missing" [],
        ReasonKind::FeeDue => "reason-fee-due" [],
        ReasonKind::NotCompetent => "reason-not-competent" [],
        ReasonKind::ConditionsNotMet => "reason-conditions-not-met" [],
        ReasonKind::AtRequest => "reason-at-request" [],
        ReasonKind::Unspecified => "reason-unspecified" [],
    }
    /// What is asked of a procedure.
    focus / FOCUSES (Focus) {
        Focus::Overview => "focus-overview" [],
        Focus::Fee => "focus-fee" [],
        Focus::Papers => "focus-papers" [],
        Focus::Time => "focus-time" [],
        Focus::Where => "focus-where" [],
        Focus::Steps => "focus-steps" [],
        Focus::Online => "focus-online" [],
        Focus::Result => "focus-result" [],
        Focus::Who => "focus-who" [],
    }
    /// A day of the week.
    weekday / WEEKDAYS (Weekday) {
        Weekday::Monday => "weekday-monday" [],
        Weekday::Tuesday => "weekday-tuesday" [],
        Weekday::Wednesday => "weekday-wednesday" [],
        Weekday::Thursday => "weekday-thursday" [],
        Weekday::Friday => "weekday-friday" [],
        Weekday::Saturday => "weekday-saturday" [],
        Weekday::Sunday => "weekday-sunday" [],
    }
    /// What was understood and cannot be done yet.
    not_yet / NOT_YETS (Service) {
        Service::Queue => "not-yet-queue" [],
        Service::Ticket => "not-yet-ticket" [],
        Service::Rating => "not-yet-rating" [],
        Service::Payment => "not-yet-payment" [],
    }
    /// Why no number is given for a service.
    queue_why / QUEUE_WHYS (WhyNot) {
        WhyNot::Closed => "queue-why-closed" ["service"],
        WhyNot::Lunch => "queue-why-lunch" ["service"],
        WhyNot::CutOff => "queue-why-cut-off" ["service"],
        WhyNot::Full => "queue-why-full" ["service"],
        WhyNot::Paused => "queue-why-paused" ["service"],
    }
    /// Where a number of the queue is.
    ticket_state / TICKET_STATES (TicketState) {
        TicketState::Waiting => "ticket-waiting" ["number"],
        TicketState::Called => "ticket-called" ["number", "counter"],
        TicketState::Serving => "ticket-serving" ["number", "counter"],
        TicketState::Held => "ticket-held" ["number", "counter"],
        TicketState::NoShow => "ticket-no-show" ["number"],
        TicketState::Finished => "ticket-finished" ["number"],
        TicketState::Left => "ticket-left" ["number"],
    }
    /// What is no business of ours.
    topic / TOPICS (Topic) {
        Topic::Emergency => "topic-emergency" [],
        Topic::Dispute => "topic-dispute" [],
        Topic::Medical => "topic-medical" [],
        Topic::Personal => "topic-personal" [],
        Topic::Politics => "topic-politics" [],
        Topic::Other => "topic-other" [],
    }
    /// A span of time in its unit.
    time / TIMES (TimeUnit) {
        TimeUnit::Hours => "time-hours" ["count"],
        TimeUnit::WorkingHours => "time-working-hours" ["count"],
        TimeUnit::Days => "time-days" ["count"],
        TimeUnit::WorkingDays => "time-working-days" ["count"],
        TimeUnit::Months => "time-months" ["count"],
        TimeUnit::Years => "time-years" ["count"],
    }
    /// A way to hand in. The open variant carries the source's own text.
    submission / SUBMISSIONS (SubmissionChannel) {
        SubmissionChannel::InPerson => "submission-in-person" [],
        SubmissionChannel::Online => "submission-online" [],
        SubmissionChannel::Post => "submission-post" [],
        SubmissionChannel::Other(_) => "submission-other" ["text"],
    }
    /// A level of agencies. The open variant carries the source's own text.
    level / LEVELS (Level) {
        Level::Ministry => "level-ministry" [],
        Level::Province => "level-province" [],
        Level::District => "level-district" [],
        Level::Commune => "level-commune" [],
        Level::Other(_) => "level-other" ["text"],
    }
    /// What may be said of a fee.
    fee / FEES (FeeReading) {
        FeeReading::NotPublished => "fee-not-published" [],
        FeeReading::Free => "fee-free" [],
        FeeReading::SeeNote => "fee-see-note" [],
        FeeReading::Amount { .. } => "fee-amount" ["amount"],
        FeeReading::Text(_) => "fee-text" ["text"],
    }
    /// Why what looks like a dossier number cannot be one.
    number_problem / NUMBER_PROBLEMS (NumberProblem) {
        NumberProblem::NoSuchDate => "number-no-such-date" [],
        NumberProblem::DateInFuture => "number-date-in-future" [],
        NumberProblem::Incomplete => "number-incomplete" [],
        NumberProblem::TooLong => "number-too-long" [],
        NumberProblem::NotANumber => "number-none" [],
    }
    /// Notices of a kind (or all) are not sent any more. Answers and codes
    /// cannot be refused: where they are named, all notices are meant.
    opted_out / OPTED_OUT (Option<Category>) {
        Some(Category::Status) => "opted-out-status" ["start"],
        Some(Category::Announcement) => "opted-out-announcement" ["start"],
        None | Some(Category::Answer | Category::Code) => "opted-out-all" ["start"],
    }
    /// They are sent again.
    opted_in / OPTED_IN (Option<Category>) {
        Some(Category::Status) => "opted-in-status" ["notify"],
        Some(Category::Announcement) => "opted-in-announcement" ["stop"],
        None | Some(Category::Answer | Category::Code) => "opted-in-all" ["notify"],
    }
    /// A refusal; the same identifiers as `Refusal::fluent_key`.
    refusal / REFUSALS (RefusalKind) {
        RefusalKind::DossierNotFound => "error-dossier-not-found" [],
        RefusalKind::DossierTooNew => "error-dossier-too-new" [],
        RefusalKind::NotDisclosed => "error-not-disclosed" [],
        RefusalKind::ProcedureNotFound => "error-procedure-not-found" [],
        RefusalKind::NotUnderstood => "error-not-understood" [],
        RefusalKind::NotANumber => "error-not-a-number" [],
        RefusalKind::TooMany => "error-too-many-requests" ["wait"],
        RefusalKind::TooManyDossiers => "error-too-many-dossiers" ["wait"],
        RefusalKind::PortalDown => "error-portal-down" ["wait"],
        RefusalKind::TooLate => "error-too-late" ["wait"],
        RefusalKind::ProofNeeded => "error-proof-needed" ["notify"],
        RefusalKind::RatingProofNeeded => "error-rating-proof-needed" ["rate"],
        RefusalKind::NotOnThisChannel => "error-not-on-this-channel" [],
        RefusalKind::TooManySubscriptions => "error-too-many-subscriptions" ["unsubscribe"],
        RefusalKind::QueueUnknown => "error-queue-unknown" [],
        RefusalKind::NoTickets(WhyNot::Closed) => "error-queue-closed" [],
        RefusalKind::NoTickets(WhyNot::Lunch) => "error-queue-lunch" [],
        RefusalKind::NoTickets(WhyNot::CutOff) => "error-queue-cut-off" [],
        RefusalKind::NoTickets(WhyNot::Full) => "error-queue-full" [],
        RefusalKind::NoTickets(WhyNot::Paused) => "error-queue-paused" [],
        RefusalKind::GaveUp => "error-gave-up" ["wait"],
        RefusalKind::Internal => "error-internal" ["wait"],
    }
}

/// What goes wrong before a question reaches the Desk: spoken by the crate
/// `gateway-http`, whose `FLUENT_KEYS` holds the same identifiers. None has an
/// argument.
pub mod http {
    use super::Key;

    /// All of them.
    pub const ALL: &[Key] = &[
        Key::new("http-unknown-route", &[]),
        Key::new("http-method-not-allowed", &[]),
        Key::new("http-malformed-json", &[]),
        Key::new("http-invalid-fields", &[]),
        Key::new("http-unknown-session", &[]),
        Key::new("http-invalid-query", &[]),
        Key::new("http-invalid-cursor", &[]),
        Key::new("http-unreadable-body", &[]),
        Key::new("http-body-too-large", &[]),
        Key::new("http-unsupported-media", &[]),
        Key::new("http-timed-out", &[]),
        Key::new("http-signature-missing", &[]),
        Key::new("http-signature-malformed", &[]),
        Key::new("http-signature-stale", &[]),
        Key::new("http-signature-invalid", &[]),
        Key::new("http-signature-replayed", &[]),
        Key::new("http-digest-mismatch", &[]),
        Key::new("http-terminal-unknown", &[]),
        Key::new("http-terminal-revoked", &[]),
        Key::new("http-enrolment-refused", &[]),
        Key::new("http-no-phones", &[]),
        Key::new("http-no-phone-yet", &[]),
        Key::new("http-matching-code-wrong", &[]),
        Key::new("http-continuation-over", &[]),
        Key::new("http-overloaded", &[]),
        Key::new("http-title-bad-request", &[]),
        Key::new("http-title-conflict", &[]),
        Key::new("http-title-forbidden", &[]),
        Key::new("http-title-gateway-timeout", &[]),
        Key::new("http-title-gone", &[]),
        Key::new("http-title-internal", &[]),
        Key::new("http-title-method", &[]),
        Key::new("http-title-not-found", &[]),
        Key::new("http-title-timeout", &[]),
        Key::new("http-title-too-large", &[]),
        Key::new("http-title-too-many", &[]),
        Key::new("http-title-unauthorized", &[]),
        Key::new("http-title-unavailable", &[]),
        Key::new("http-title-unprocessable", &[]),
        Key::new("http-title-unsupported-media", &[]),
    ];
}

/// What `dakenh ask` says by itself in a conversation at the terminal. None has
/// an argument.
pub mod terminal {
    use super::Key;

    /// How one chooses, switches and ends.
    pub const HINT: Key = Key::new("terminal-hint", &[]);
    /// The end.
    pub const GOODBYE: Key = Key::new("terminal-goodbye", &[]);
    /// The gateway has gone.
    pub const GONE: Key = Key::new("terminal-gone", &[]);

    /// All of them.
    pub const ALL: &[Key] = &[HINT, GOODBYE, GONE];
}

/// Telegram's menu of commands: what each is for, and the words that it says to
/// the assistant. None has an argument.
pub mod telegram {
    use super::Key;

    /// Where is my dossier.
    pub const TRACK: Key = Key::new("telegram-track", &[]);
    /// Its words.
    pub const TRACK_SAYS: Key = Key::new("telegram-track-says", &[]);
    /// What a procedure needs.
    pub const PROCEDURES: Key = Key::new("telegram-procedures", &[]);
    /// Its words; the name of one may follow.
    pub const PROCEDURES_SAYS: Key = Key::new("telegram-procedures-says", &[]);
    /// Talk to a person.
    pub const PERSON: Key = Key::new("telegram-person", &[]);
    /// Its words.
    pub const PERSON_SAYS: Key = Key::new("telegram-person-says", &[]);
    /// What can I ask?
    pub const HELP: Key = Key::new("telegram-help", &[]);
    /// Its words.
    pub const HELP_SAYS: Key = Key::new("telegram-help-says", &[]);
    /// Answer in the other language; told in that one.
    pub const OTHER_LANGUAGE: Key = Key::new("telegram-other-language", &[]);
    /// Its words.
    pub const OTHER_LANGUAGE_SAYS: Key = Key::new("telegram-other-language-says", &[]);

    /// All of them.
    pub const ALL: &[Key] = &[
        TRACK,
        TRACK_SAYS,
        PROCEDURES,
        PROCEDURES_SAYS,
        PERSON,
        PERSON_SAYS,
        HELP,
        HELP_SAYS,
        OTHER_LANGUAGE,
        OTHER_LANGUAGE_SAYS,
    ];
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{FAMILY_NAMES, SINGLE_NAMES, http};

    /// The Rust sources under a folder, without this table.
    fn sources(folder: &Path) -> String {
        let mut text = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                text.push_str(&sources(&path));
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("locale/src/keys.rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
        text
    }

    /// Whether a name stands there, and not as a part of a longer one.
    fn is_spoken(text: &str, name: &str) -> bool {
        text.match_indices(name).any(|(at, _)| {
            let after = text.get(at + name.len()..).and_then(|rest| rest.chars().next());
            !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        let ours = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        for name in SINGLE_NAMES {
            assert!(is_spoken(&ours, &format!("keys::{name}")), "nobody speaks {name}");
        }
        for name in FAMILY_NAMES {
            assert!(ours.contains(&format!("keys::{name}(")), "nobody speaks the family {name}");
        }
        let http_crate = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../http/src"));
        for key in http::ALL {
            assert!(http_crate.contains(&format!("\"{}\"", key.id)), "gateway-http does not speak {}", key.id);
        }
        let ask = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/commands/ask"));
        for name in ["HINT", "GOODBYE", "GONE"] {
            assert!(is_spoken(&ask, &format!("terminal::{name}")), "dakenh ask does not speak {name}");
        }
        let bot = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assistant/src/telegram"));
        for name in ["TRACK", "PROCEDURES", "PERSON", "HELP", "OTHER_LANGUAGE"] {
            for name in [name.to_owned(), format!("{name}_SAYS")] {
                assert!(is_spoken(&bot, &format!("telegram::{name}")), "the bot does not speak {name}");
            }
        }
    }
}
