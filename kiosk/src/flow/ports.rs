//! What the terminal's logic asks of the outside, and what it hears from there.
//! Nothing waits: a command goes out, its answer comes in later as an event.

use std::fmt;

use gateway_core::domain::{Locale, RatingReason, SearchWords};
use mobile_api_types::{AskAnswer, DossierAnswer, ProcedureAnswer, ProceduresAnswer};
use zeroize::Zeroizing;

use super::Trouble;
use super::queue::{Priority, QueueLine, Taken};
use super::rate::Rated;

/// Names a question, so that an answer that comes after its citizen has left
/// is known by it and thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AskId(pub u64);

/// What is asked of the gateway. Its `Debug` names the kind alone: numbers,
/// digits and words are the citizen's.
#[derive(Clone, PartialEq, Eq)]
pub enum Question {
    /// Where is this dossier?
    LookUp {
        /// As it was typed or scanned.
        number: Zeroizing<String>,
    },
    /// The same, for whoever proves to be its owner.
    Disclose {
        /// As it was typed or scanned.
        number: Zeroizing<String>,
        /// The last four digits of the applicant's ID.
        last_four: Zeroizing<String>,
    },
    /// Procedures that fit words, or all of a field.
    Procedures {
        /// The words; empty where a field is browsed.
        query: String,
        /// The field of administration.
        field: Option<String>,
        /// To go on with an earlier list.
        cursor: Option<String>,
    },
    /// One procedure.
    Procedure {
        /// Its national code.
        code: String,
    },
    /// The services that give numbers, and who waits.
    Queue,
    /// A number.
    Take {
        /// The service's key.
        service: String,
        /// Of whom.
        priority: Priority,
        /// The same key never takes two numbers, however often it is sent.
        key: [u8; 16],
    },
    /// What has become of a number.
    TicketNow {
        /// The code on the ticket.
        code: String,
    },
    /// A rating.
    Rate {
        /// 1 (worst) to 5.
        score: u8,
        /// Coded reasons.
        reasons: Vec<RatingReason>,
        /// Of what.
        of: Rated,
        /// The same key is the same rating, however often it is sent.
        key: [u8; 16],
    },
    /// A question in free words.
    Ask {
        /// The words.
        text: Zeroizing<String>,
        /// The answer before, to go on with.
        conversation: Option<String>,
    },
    /// Somebody shall come.
    Call {
        /// Why: `help`, `trouble` or `accessibility`.
        reason: &'static str,
    },
    /// Is somebody coming?
    CallNow {
        /// The call.
        call: String,
    },
    /// A code that carries a page to a phone.
    Continue {
        /// What is carried: never a dossier.
        page: Page,
    },
    /// Has a phone scanned it?
    ContinuationNow {
        /// The code's id.
        id: String,
    },
    /// The phone's matching code.
    Confirm {
        /// The code's id.
        id: String,
        /// Four digits.
        digits: String,
    },
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LookUp { .. } => "LookUp",
            Self::Disclose { .. } => "Disclose",
            Self::Procedures { .. } => "Procedures",
            Self::Procedure { .. } => "Procedure",
            Self::Queue => "Queue",
            Self::Take { .. } => "Take",
            Self::TicketNow { .. } => "TicketNow",
            Self::Rate { .. } => "Rate",
            Self::Ask { .. } => "Ask",
            Self::Call { .. } => "Call",
            Self::CallNow { .. } => "CallNow",
            Self::Continue { .. } => "Continue",
            Self::ContinuationNow { .. } => "ContinuationNow",
            Self::Confirm { .. } => "Confirm",
        })
    }
}

/// What a phone can go on with. Nothing of a dossier: there is no page for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The front page.
    Home,
    /// One procedure.
    Procedure {
        /// Its national code.
        code: String,
        /// The citizen's own case, where one was chosen: its place in the list of
        /// papers.
        case: Option<usize>,
    },
    /// What was found for these words.
    Procedures(SearchWords),
    /// A number of the queue.
    Ticket {
        /// The code on it.
        code: String,
    },
}

/// What the gateway says. Its `Debug` names the kind alone.
#[derive(Clone, PartialEq)]
pub enum Answer {
    /// To [`Question::LookUp`] and [`Question::Disclose`].
    Dossier(Box<DossierAnswer<'static>>),
    /// To [`Question::Procedures`].
    Procedures(ProceduresAnswer<'static>),
    /// To [`Question::Procedure`].
    Procedure(Box<ProcedureAnswer<'static>>),
    /// To [`Question::Queue`].
    Queue(Vec<QueueLine>),
    /// To [`Question::Take`] and [`Question::TicketNow`].
    Ticket(Taken),
    /// To [`Question::Rate`].
    Rated,
    /// To [`Question::Ask`].
    Said(Box<AskAnswer<'static>>),
    /// To [`Question::Call`].
    Called {
        /// The call's id.
        call: String,
        /// How many wait for help, this one included.
        position: Option<u32>,
    },
    /// To [`Question::CallNow`].
    CallNow(CallNow),
    /// To [`Question::Continue`].
    Continuation {
        /// Its id.
        id: String,
        /// What the QR code says.
        url: String,
        /// Until when it holds, as a time of day.
        until: String,
    },
    /// To [`Question::ContinuationNow`].
    ContinuationNow(ContinuationNow),
    /// To [`Question::Confirm`]: whether the digits match.
    Confirmed(bool),
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dossier(_) => "Dossier",
            Self::Procedures(_) => "Procedures",
            Self::Procedure(_) => "Procedure",
            Self::Queue(_) => "Queue",
            Self::Ticket(_) => "Ticket",
            Self::Rated => "Rated",
            Self::Said(_) => "Said",
            Self::Called { .. } => "Called",
            Self::CallNow(_) => "CallNow",
            Self::Continuation { .. } => "Continuation",
            Self::ContinuationNow(_) => "ContinuationNow",
            Self::Confirmed(_) => "Confirmed",
        })
    }
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallNow {
    /// Nobody has seen it.
    Waiting,
    /// Somebody is on the way.
    Coming,
    /// It is settled.
    Done,
    /// Nobody came in time.
    Missed,
}

/// Where a continuation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContinuationNow {
    /// No phone has scanned it.
    Waiting,
    /// A phone shows its matching code.
    Scanned,
    /// The phone goes on, or has.
    Open,
    /// It has expired, or wrong digits ended it.
    Over,
}

/// What a scanner read, as far as it is trusted.
#[derive(Clone, PartialEq, Eq)]
pub enum Scan {
    /// A receipt.
    Dossier(Zeroizing<String>),
    /// An identity card: the 12 digits, of a keyboard's scanner the only part
    /// that is trusted.
    Identity(Zeroizing<String>),
    /// A ticket's code.
    Ticket(String),
    /// Anything else.
    Unknown,
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dossier(_) => "Dossier",
            Self::Identity(_) => "Identity",
            Self::Ticket(_) => "Ticket",
            Self::Unknown => "Unknown",
        })
    }
}

/// What is printed. Laid out by whoever prints it.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// A number of the queue.
    Ticket(Taken),
    /// A procedure's checklist.
    Checklist(Box<Checklist>),
    /// Proof that the printer prints, for whoever looks after the terminal.
    Proof,
}

/// What a procedure needs, for one case or all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Checklist {
    /// The procedure.
    pub answer: ProcedureAnswer<'static>,
    /// The place of the citizen's case in its list of papers; `None`: all cases.
    pub case: Option<usize>,
}

/// What stands on every sheet, or leads from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The hall's name.
    pub site_name: String,
    /// Scheme and host of the gateway's pages as a phone reaches them; empty
    /// where the gateway names none.
    pub phone_base_url: String,
}

/// Why a sheet is not on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPrinted {
    /// Paper is wanted.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The printer does not answer.
    Offline,
    /// Too much waits to be printed.
    Busy,
    /// It is longer than a sheet may be.
    TooLong,
    /// There is no printer, or the sheet could not be laid out.
    Unable,
}

/// How printing ended; on paper as far as the printer can tell.
pub type PrintOutcome = Result<(), NotPrinted>;

/// What the logic wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Ask the gateway; the answer comes as `Event::Answered` with this id.
    Ask {
        /// Names it.
        id: AskId,
        /// What.
        question: Question,
        /// In which language.
        locale: Locale,
    },
    /// Whatever is still asked is of no interest any more.
    ForgetAsked,
    /// Print; how it went comes as `Event::Printed`.
    Print {
        /// Names it.
        id: AskId,
        /// What.
        job: Job,
        /// In which language.
        locale: Locale,
    },
    /// Say what the screen shows.
    SpeakScreen,
    /// Be silent.
    StopSpeech,
    /// Start the process anew: what was shown must not stay in its memory.
    Restart,
}

/// The gateway. Called on the screen's thread: it must not wait.
pub trait Gateway {
    /// Asks; the answer is sent as an event.
    fn ask(&mut self, id: AskId, question: Question, locale: Locale);
    /// Whatever is under way is dropped.
    fn forget(&mut self);
}

/// The printer. Called on the screen's thread: it must not wait.
pub trait Printer {
    /// Prints; how it went is sent as an event.
    fn print(&mut self, id: AskId, job: Job, locale: Locale, head: Letterhead);
    /// Whether there is one at all.
    fn is_there(&self) -> bool;
}

/// The voice. Called on the screen's thread: it must not wait.
pub trait Voice {
    /// Says a text, and begins anew if it was speaking. A private text is heard
    /// in headphones or not at all.
    fn speak(&mut self, text: &str, locale: Locale, private: bool);
    /// Falls silent.
    fn stop(&mut self);
    /// Whether there is one at all.
    fn is_there(&self) -> bool;
    /// Whether it is speaking.
    fn is_speaking(&self) -> bool;
    /// Headphones were put in or taken out: what was private falls silent.
    fn set_headphones(&mut self, are_in: bool);
    /// Louder (`true`) or softer, by one step.
    fn change_volume(&mut self, louder: bool);
}

/// The time since the terminal started, for deadlines: never set back.
pub trait Clock {
    /// Now.
    fn now(&self) -> std::time::Duration;
}

/// Chance, for keys.
pub trait Randomness {
    /// 128 bits.
    fn key(&mut self) -> [u8; 16];
}

/// How a question ended.
pub type Outcome = Result<Answer, Trouble>;
