//! What happens at a terminal.

use super::field::Key;
use super::ports::{AskId, Outcome, PrintOutcome, Scan};
use super::service::PrinterState;
use super::{Settings, ask, look_up, procedures, queue, rate, service};

/// A view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// The front page.
    #[default]
    Home,
    /// Where is my dossier?
    LookUp,
    /// What does it need?
    Procedures,
    /// A number of the queue.
    Ticket,
    /// How was it?
    Rate,
    /// Free words.
    Ask,
    /// Somebody shall come.
    Call,
    /// On with the phone.
    Phone,
    /// For whoever looks after the terminal.
    Service,
}

/// Why something cannot be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trouble {
    /// The gateway cannot be reached.
    Unreachable,
    /// It has too much to do.
    Busy,
    /// This terminal has asked too much.
    TooMany,
    /// The portal does not answer.
    PortalDown,
    /// There is no such thing.
    NotFound,
    /// It may not have arrived yet.
    TooNew,
    /// That cannot be a number.
    NotANumber,
    /// The proof was not enough.
    NotDisclosed,
    /// The words were not understood.
    NotUnderstood,
    /// Out of hours.
    Closed,
    /// The terminal itself may not ask: not enrolled, revoked, a wrong clock.
    OutOfOrder,
    /// Anything else.
    #[default]
    Refused,
    /// A screen of ours failed.
    ScreenFailed,
}

/// A switch of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// The other language.
    Language,
    /// Large text.
    Large,
    /// High contrast.
    Contrast,
    /// Controls low.
    Reach,
    /// Reading aloud.
    Speech,
}

/// What a view's controls do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Of the look-up.
    LookUp(look_up::Act),
    /// The dossier that is shown shall be rated.
    RateDossier,
    /// Of the procedures.
    Procedures(procedures::Act),
    /// Of the queue.
    Queue(queue::Act),
    /// Of the rating.
    Rate(rate::Act),
    /// Of the questions.
    Ask(ask::Act),
    /// Why somebody is called.
    Call(&'static str),
    /// On with the phone, from here.
    ToPhone,
    /// The matching code is complete.
    ConfirmPhone,
    /// Another code for the phone.
    PhoneAgain,
    /// Of the service menu.
    Service(service::Act),
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Event {
    /// A view was chosen.
    Go(Place),
    /// One step back.
    Back,
    /// To the front page; what was typed and shown goes.
    Home,
    /// The citizen has done: everything goes.
    Finish,
    /// They are still here.
    MoreTime,
    /// They want to hear the screen once more.
    SayAgain,
    /// They have read the notice.
    CloseNotice,
    /// The name at the top was touched.
    EmblemTouched,
    /// A switch of the bar.
    Switch(Switch),
    /// A key.
    Key(Key),
    /// The key that ends what is typed.
    Enter,
    /// A scanner read something.
    Scanned(Scan),
    /// A control of a view.
    Act(Act),
    /// The gateway answers.
    Answered(AskId, Outcome),
    /// Printing has ended.
    Printed(AskId, PrintOutcome),
    /// The gateway is there, or is not.
    Connected(bool),
    /// New settings.
    Settings(Box<Settings>),
    /// Headphones were put in or taken out.
    Headphones(bool),
    /// How the printer stands.
    Printer(PrinterState),
    /// Time has passed; whether the terminal is speaking.
    Tick {
        /// It is.
        speaking: bool,
    },
    /// A screen failed and was caught.
    ScreenFailed,
}
