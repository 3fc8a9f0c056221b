use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::queue::{QueueNowReply, TicketPlaceReply, TicketReply, WhereTicketsReply};
use super::words::stable_words;
use super::{Action, AnswerCode, Focuses, LinkReply, MyRequestsReply, Question, Refusal, RefusalKind, Said, Topic};
use crate::domain::{
    Agency, Category, Dossier, DossierNumber, FeeDue, Locale, MissingPaper, Notice, Phone, Procedure, Score, Session,
};
use crate::ports::ProcedurePage;

/// What the Desk hands back: yes or no, with the code that names it and the
/// announcements that go with it.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The short code that an officer can look up.
    pub code: AnswerCode,
    /// Announcements for this channel.
    pub notices: Arc<[Arc<Notice>]>,
    /// The action that was done; `None` where none was understood.
    pub action: Option<Action>,
    /// The language of the answer: the request's, unless the citizen writes, or
    /// asked for, another one.
    pub locale: Locale,
    /// The answer.
    pub outcome: Result<Reply, Refusal>,
}

impl Answered {
    /// Whether time may mend it, where somebody is to be answered later: not a wish to
    /// be told, which is not carried out behind the citizen's back (they may have
    /// thought better of it meanwhile).
    pub fn may_be_mended_by_time(&self) -> bool {
        let waits = |refusal: &Refusal| {
            matches!(refusal.kind, RefusalKind::PortalDown | RefusalKind::TooLate | RefusalKind::Internal)
        };
        self.outcome.as_ref().is_err_and(waits) && !matches!(self.action, Some(Action::Subscribe { .. }))
    }

    /// What was said, without personal data.
    pub fn said(&self) -> Said {
        match &self.outcome {
            Ok(reply) => Said::of_reply(reply),
            Err(refusal) => Said::of_refusal(refusal),
        }
    }
}

/// An answer: one variant each, with data only; no language, no markup.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Where a dossier is: the public view.
    Dossier(DossierReply),
    /// The owner's view of a dossier.
    Disclosed(Box<DisclosedReply>),
    /// The dossier is another authority's: look there.
    Elsewhere(ElsewhereReply),
    /// A list of procedures.
    Procedures(ProceduresReply),
    /// One procedure.
    Procedure(ProcedureReply),
    /// The agencies of the province.
    Agencies(Vec<Arc<Agency>>),
    /// What can be asked here.
    Help,
    /// A question back.
    Question(Arc<Question>),
    /// A replayed message: a bare acknowledgement (rule 9).
    AlreadyAnswered,
    /// If there is such a dossier and it has a phone, a code is on its way to
    /// it. The answer is the same where there is none.
    CodeSent {
        /// For how many minutes it holds.
        minutes: u64,
    },
    /// A subscription.
    Subscribed(SubscribedReply),
    /// Subscriptions ended.
    Unsubscribed {
        /// How many.
        count: u32,
    },
    /// Notices of this kind (or all) are not sent any more.
    OptedOut {
        /// Which kind.
        category: Option<Category>,
    },
    /// Notices of this kind (or all) are sent again.
    OptedIn {
        /// Which kind.
        category: Option<Category>,
    },
    /// The rest of the last answer, which the channel kept; it says that there
    /// is none where it has none.
    More,
    /// It was received and cannot be answered yet: the answer will come by
    /// itself.
    WillAnswer,
    /// When the desks are open, and how they are reached.
    OpeningHours(DeskHours),
    /// How to reach a person.
    Person(PersonReply),
    /// A person will come: the citizen is in the line.
    InLine(InLineReply),
    /// The citizen is in the line no more.
    LeftLine,
    /// Somebody will call this number.
    CallbackNoted {
        /// The number.
        phone: Phone,
    },
    /// Links between an account and a phone.
    Link(LinkReply),
    /// What was asked before.
    MyRequests(MyRequestsReply),
    /// How the queues stand.
    QueueNow(QueueNowReply),
    /// A number was given.
    Ticket(Box<TicketReply>),
    /// Where a ticket is.
    TicketPlace(Box<TicketPlaceReply>),
    /// Where a number is taken.
    WhereTickets(WhereTicketsReply),
    /// How good was it? From 1 to 5.
    RateAsk {
        /// The dossier.
        number: DossierNumber,
    },
    /// A rating is kept, and goes to the portal.
    Rated {
        /// The dossier.
        number: DossierNumber,
        /// How good; `None` where the same sender has rated it before, and that
        /// one counts.
        score: Option<Score>,
    },
    /// How a dossier is rated, where none was named.
    RateHow {
        /// Whether a complaint goes to an officer here.
        officers: bool,
    },
    /// Only text is read here.
    OnlyText,
    /// It was understood, and this gateway cannot do it yet: where to go.
    NotYet(NotYetReply),
    /// A greeting back.
    Greeting,
    /// Glad to help.
    Thanks,
    /// No business of ours: one sentence, and the right contact.
    TurnedAway {
        /// What it was about.
        topic: Topic,
        /// The province's telephone for all questions.
        hotline: Option<Arc<str>>,
    },
}

impl Reply {
    /// The words of [`Reply::key`] of answers that the citizen alone may read: no
    /// transcript shows them to anybody else.
    pub const PRIVATE: [&str; 2] = ["disclosed", "my_requests"];

    /// Whether the citizen alone may read it.
    pub fn is_private(&self) -> bool {
        Self::PRIVATE.contains(&self.key())
    }

    stable_words! {
        /// A stable word for the audit and for metrics.
        Self::Dossier(_) => "dossier",
        Self::Disclosed(_) => "disclosed",
        Self::Elsewhere(_) => "elsewhere",
        Self::Procedures(_) => "procedures",
        Self::Procedure(_) => "procedure",
        Self::Agencies(_) => "agencies",
        Self::Help => "help",
        Self::Question(_) => "question",
        Self::AlreadyAnswered => "already_answered",
        Self::CodeSent { .. } => "code_sent",
        Self::Subscribed(_) => "subscribed",
        Self::Unsubscribed { .. } => "unsubscribed",
        Self::OptedOut { .. } => "opted_out",
        Self::OptedIn { .. } => "opted_in",
        Self::More => "more",
        Self::WillAnswer => "will_answer",
        Self::OpeningHours(_) => "opening_hours",
        Self::Person(_) => "person",
        Self::InLine(_) => "in_line",
        Self::LeftLine => "left_line",
        Self::CallbackNoted { .. } => "callback_noted",
        Self::Link(_) => "link",
        Self::MyRequests(_) => "my_requests",
        Self::QueueNow(_) => "queue_now",
        Self::Ticket(_) => "ticket",
        Self::TicketPlace(_) => "ticket_place",
        Self::WhereTickets(_) => "where_tickets",
        Self::RateAsk { .. } => "rate_ask",
        Self::Rated { .. } => "rated",
        Self::RateHow { .. } => "rate_how",
        Self::OnlyText => "only_text",
        Self::NotYet(_) => "not_yet",
        Self::Greeting => "greeting",
        Self::Thanks => "thanks",
        Self::TurnedAway { .. } => "turned_away",
    }
}

/// The public view of a dossier, ready to be said.
#[derive(Debug, Clone)]
pub struct DossierReply {
    /// What anybody may see.
    pub dossier: Arc<Dossier>,
    /// The catalogue's entry of its procedure, for names in every language;
    /// `None` where there is none, and where the name needs a proof: then
    /// neither code nor name of the procedure is in this reply at all.
    pub procedure: Option<Arc<Procedure>>,
    /// The agency where the dossier lies, as far as the directory knows it.
    pub handled_by: Option<Arc<Agency>>,
    /// The procedure's name is withheld because it is sensitive.
    pub name_withheld: bool,
    /// Late, on time, or the clock stands.
    pub lateness: Lateness,
    /// What happens next.
    pub next_step: NextStep,
    /// The telephone for reaching a person: of the agency where the dossier
    /// lies, else of the one that received it.
    pub contact: Option<Arc<str>>,
    /// How old the knowledge is.
    pub age: Age,
    /// A second proof would show more.
    pub more_with_proof: bool,
}

/// How old an answer is. `as_of` is what goes on wires, so that answers can be
/// compared; the span is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// When the portal said so.
    pub as_of: Timestamp,
    /// Seconds since, at the time of the answer.
    pub seconds: u64,
    /// From memory, because the portal does not answer.
    pub stale: bool,
}

/// Where a dossier stands against its due date. Days are working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// Due on that day, still to come (or today).
    Due {
        /// The due date.
        on: Date,
        /// Working days until then.
        working_days: u32,
    },
    /// Being handled past its due date.
    Overdue {
        /// The due date.
        since: Date,
        /// By so many working days, at least 1.
        working_days: u32,
    },
    /// Finished after its due date.
    FinishedLate {
        /// The due date.
        due: Date,
        /// The day the work ended.
        finished: Date,
        /// By so many working days, at least 1.
        working_days: u32,
    },
    /// Finished in time.
    FinishedInTime,
    /// The clock stands: it waits for the citizen or was stopped.
    ClockStands,
    /// No due date is published.
    NotPublished,
}

/// What happens next, one for each status and its circumstances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NextStep {
    /// Just handed in: it waits to be checked by the desk.
    WaitForCheck,
    /// It is being handled: wait until the due date.
    WaitForResult,
    /// It is late: how to reach a person.
    AskAgency,
    /// It was refused: read the reason, mend it, hand in again.
    MendAndResubmit,
    /// It was refused because another agency decides: hand it in there.
    HandInElsewhere,
    /// Hand in the papers that are missing.
    HandInPapers,
    /// Pay what is due.
    PayFee,
    /// Nothing: it was withdrawn.
    NothingWithdrawn,
    /// It was stopped: ask for the reason.
    AskReason,
    /// Collect the result at the desk.
    CollectResult,
    /// The result comes by post.
    WaitForPost,
    /// Nothing: the result was handed over.
    NothingReturned,
    /// The source's own status: ask the agency what it means.
    AskMeaning,
}

impl DossierReply {
    /// The procedure's short name: the catalogue's, else the source's own.
    pub fn procedure_name(&self) -> Option<&str> {
        match &self.procedure {
            Some(procedure) => Some(&procedure.short_name),
            None => self.dossier.procedure_name.as_deref(),
        }
    }
}

impl NextStep {
    /// Every step.
    pub const ALL: [Self; 13] = [
        Self::WaitForCheck,
        Self::WaitForResult,
        Self::AskAgency,
        Self::MendAndResubmit,
        Self::HandInElsewhere,
        Self::HandInPapers,
        Self::PayFee,
        Self::NothingWithdrawn,
        Self::AskReason,
        Self::CollectResult,
        Self::WaitForPost,
        Self::NothingReturned,
        Self::AskMeaning,
    ];

    /// A stable word; the Fluent key is `next-` and this word with hyphens.
    pub const fn key(self) -> &'static str {
        match self {
            Self::WaitForCheck => "wait_for_check",
            Self::WaitForResult => "wait_for_result",
            Self::AskAgency => "ask_agency",
            Self::MendAndResubmit => "mend_and_resubmit",
            Self::HandInElsewhere => "hand_in_elsewhere",
            Self::HandInPapers => "hand_in_papers",
            Self::PayFee => "pay_fee",
            Self::NothingWithdrawn => "nothing_withdrawn",
            Self::AskReason => "ask_reason",
            Self::CollectResult => "collect_result",
            Self::WaitForPost => "wait_for_post",
            Self::NothingReturned => "nothing_returned",
            Self::AskMeaning => "ask_meaning",
        }
    }
}

/// The owner's view: it leaves only after its audit row is on disk, is never
/// stale and never cached by anybody.
#[derive(Debug, Clone)]
pub struct DisclosedReply {
    /// The public part, with the procedure's name always.
    pub public: DossierReply,
    /// The applicant's name, masked.
    pub masked_name: Option<String>,
    /// The reason in full.
    pub reason: Option<String>,
    /// Fees.
    pub fees: Vec<FeeDue>,
    /// Papers asked for.
    pub missing_papers: Vec<MissingPaper>,
}

/// A subscription to a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribedReply {
    /// The number, canonical.
    pub number: DossierNumber,
    /// Whether there was anything to subscribe to.
    pub outcome: SubscribeOutcome,
}

/// What a wish to be told led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscribeOutcome {
    /// The phone will be told, at most until that day.
    Until(Date),
    /// It was subscribed already, and stays so until that day at most.
    Already(Date),
    /// The dossier is at its end: there is nothing to wait for.
    NothingToWaitFor,
}

/// Another authority's dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereReply {
    /// The number, canonical.
    pub number: DossierNumber,
    /// The authority's name, where it is known.
    pub authority: Option<Arc<str>>,
    /// Where to ask, where it is known.
    pub ask_at: Option<Arc<str>>,
}

/// A list of procedures.
#[derive(Debug, Clone)]
pub struct ProceduresReply {
    /// The page.
    pub page: ProcedurePage,
    /// What was searched for, as the citizen wrote it (empty for a plain list).
    pub query: Arc<str>,
}

/// One procedure.
#[derive(Debug, Clone)]
pub struct ProcedureReply {
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// What was asked of it.
    pub focus: Focuses,
    /// Other procedures that may have been meant, best first, at most four.
    pub also: Vec<Arc<Procedure>>,
    /// The day on which the answer is given: rates end on dates.
    pub today: Date,
}

/// When the province's desks are open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskHours {
    /// The sessions of a working day, in order.
    pub sessions: Arc<[Session]>,
    /// The days of the week that are worked, Monday first.
    pub week: [bool; 7],
    /// Saturday mornings receive too.
    pub saturday_mornings: bool,
    /// Whether they are open at the time of the answer.
    pub open_now: bool,
    /// Where they are closed now: when they open next, by the clock of Vietnam.
    pub opens_at: Option<DateTime>,
    /// That is still today.
    pub opens_today: bool,
    /// The province's telephone for all questions.
    pub hotline: Option<Arc<str>>,
}

/// How to reach a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonReply {
    /// Offered because two questions in a row were not understood, not because
    /// it was asked for.
    pub after_misunderstandings: bool,
    /// When, and by which telephone.
    pub hours: DeskHours,
    /// A number can be left here, to be called back.
    pub callback: bool,
}

/// A place in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InLineReply {
    /// How many wait before.
    pub ahead: u32,
    /// About how long it takes, in minutes, by how long others waited lately;
    /// `None` where nobody can tell.
    pub wait_minutes: Option<u32>,
    /// The citizen was in the line already.
    pub again: bool,
    /// For whoever is in charge: a complaint.
    pub complaint: bool,
}

/// What happens on the way to a person, as the citizen is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChatEvent {
    /// An officer has taken the conversation over.
    OfficerCame,
    /// Another officer goes on with it.
    AnotherOfficer,
    /// It is in the line again.
    BackInLine,
    /// The officer has ended it: the house answers again.
    OfficerLeft,
    /// Nobody came for too long.
    NobodyCame,
}

impl ChatEvent {
    /// Every event.
    pub const ALL: [Self; 5] =
        [Self::OfficerCame, Self::AnotherOfficer, Self::BackInLine, Self::OfficerLeft, Self::NobodyCame];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::OfficerCame => "officer_came",
            Self::AnotherOfficer => "another_officer",
            Self::BackInLine => "back_in_line",
            Self::OfficerLeft => "officer_left",
            Self::NobodyCame => "nobody_came",
        }
    }
}

/// What was understood and cannot be done here yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotYetReply {
    /// What.
    pub service: Service,
    /// The province's telephone for all questions.
    pub hotline: Option<Arc<str>>,
    /// Officers answer on this channel.
    pub officers: bool,
}

/// What citizens ask of a gateway that this one does not do yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// How many are waiting.
    Queue,
    /// A number for the queue.
    Ticket,
    /// Praise and complaints.
    Rating,
    /// Paying fees.
    Payment,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 4] = [Self::Queue, Self::Ticket, Self::Rating, Self::Payment];

    /// A stable word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Ticket => "ticket",
            Self::Rating => "rating",
            Self::Payment => "payment",
        }
    }
}
